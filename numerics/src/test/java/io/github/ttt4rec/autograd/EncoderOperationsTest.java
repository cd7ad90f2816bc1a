package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import io.github.ttt4rec.testing.OperationCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the operations of the Transformer and Mamba baselines with plain loops in double and their central
 * differences.
 */
class EncoderOperationsTest {
    private static final long SEED = 17;
    private static final long[] NO_SEEDS = {};
    private static final Segments SEGMENTS = new Segments(new int[] {0, 1, 3, 8, 14});

    /** A mask by which the attention weights of one head of one sequence are multiplied. */
    private interface Mask {
        double at(int row, int head, int key);
    }

    private static double[] attentionOf(double[][] v, Segments segments, int d, int heads, View view, Mask mask) {
        int f = d / heads;
        double[] y = new double[segments.rows() * d];
        for (int s = 0; s < segments.count(); s++) {
            int start = segments.start(s);
            int end = start + segments.length(s);
            for (int h = 0; h < heads; h++) {
                for (int t = start; t < end; t++) {
                    int last = view == View.CAUSAL ? t + 1 : end;
                    double[] weights = new double[last - start];
                    double sum = 0;
                    for (int j = start; j < last; j++) {
                        double score = 0;
                        for (int c = h * f; c < (h + 1) * f; c++) {
                            score += v[0][t * d + c] * v[1][j * d + c];
                        }
                        weights[j - start] = Math.exp(score / Math.sqrt(f));
                        sum += weights[j - start];
                    }
                    for (int j = start; j < last; j++) {
                        double weight = weights[j - start] / sum * mask.at(t, h, j - start);
                        for (int c = h * f; c < (h + 1) * f; c++) {
                            y[t * d + c] += weight * v[2][j * d + c];
                        }
                    }
                }
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"CAUSAL, 1, 5", "CAUSAL, 2, 8", "BIDIRECTIONAL, 1, 6", "BIDIRECTIONAL, 3, 12", "CAUSAL, 2, 64"})
    void attention(View view, int heads, int d) {
        int n = SEGMENTS.rows();
        new OperationCheck("attention " + view, SEED)
                .input("query", n, d, 1f)
                .input("key", n, d, 1f)
                .input("value", n, d, 1f)
                .run(
                        (tape, x) -> Attention.apply(
                                tape,
                                x.get(0),
                                x.get(1),
                                x.get(2),
                                SEGMENTS,
                                heads,
                                view,
                                new Attention.Drop(0f, NO_SEEDS, 1)),
                        v -> attentionOf(v, SEGMENTS, d, heads, view, (row, head, key) -> 1));
    }

    private static double[] pointwiseOf(double[][] v, int d, int heads) {
        int f = d / heads;
        double[] distances = v[3];
        double[] y = new double[SEGMENTS.rows() * d];
        for (int s = 0; s < SEGMENTS.count(); s++) {
            int start = SEGMENTS.start(s);
            for (int t = start; t < start + SEGMENTS.length(s); t++) {
                for (int j = start; j <= t; j++) {
                    for (int h = 0; h < heads; h++) {
                        double score = distances[t - j];
                        for (int c = h * f; c < (h + 1) * f; c++) {
                            score += v[0][t * d + c] * v[1][j * d + c];
                        }
                        double weight = score / (1 + Math.exp(-score)) / distances.length;
                        for (int c = h * f; c < (h + 1) * f; c++) {
                            y[t * d + c] += weight * v[2][j * d + c];
                        }
                    }
                }
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 8", "3, 12", "2, 64"})
    void pointwiseAttention(int heads, int d) {
        int n = SEGMENTS.rows();
        OperationCheck check = new OperationCheck("pointwise attention", SEED)
                .input("query", n, d, 1f)
                .input("key", n, d, 1f)
                .input("value", n, d, 1f);
        Parameter distances = check.parameter("distances", 1f, 7);
        check.run(
                (tape, x) -> PointwiseAttention.apply(tape, x.get(0), x.get(1), x.get(2), distances, SEGMENTS, heads),
                v -> pointwiseOf(v, d, heads));
    }

    @Test
    void pointwiseAttentionRefusesSequencesBeyondItsDistances() {
        Parameter distances = new ParameterSet().declare("distances", Parameter.Init.ZERO, 5);
        Tape tape = Tape.forward();
        Tensor x = tape.tensor(SEGMENTS.rows(), 4);
        assertThatThrownBy(() -> PointwiseAttention.apply(tape, x, x, x, distances, SEGMENTS, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 5");
    }

    /** Large scores must not overflow; the softmax degenerates to a selection. */
    @Test
    void attentionOfLargeScores() {
        Tape tape = Tape.forward();
        Tensor x = tape.tensor(2, 2);
        System.arraycopy(new float[] {300f, 0f, 0f, 300f}, 0, x.data(), 0, 4);
        Tensor y = Attention.apply(
                tape,
                x,
                x,
                x,
                new Segments(new int[] {0, 2}),
                1,
                View.BIDIRECTIONAL,
                new Attention.Drop(0f, NO_SEEDS, 1));
        assertThat(Arrays.copyOf(y.data(), 4)).containsExactly(new float[] {300f, 0f, 0f, 300f}, within(1e-30f));
    }

    private static float[] tensorValues(Random random, int n) {
        return Numbers.uniform(random, n, 1f);
    }

    /** The reference applies the dropout masks of {@link DropoutMask}, one for each row and head. */
    @ParameterizedTest
    @CsvSource({"CAUSAL", "BIDIRECTIONAL"})
    void attentionDropout(View view) {
        int heads = 2;
        int d = 6;
        int n = SEGMENTS.rows();
        int site = 3;
        float rate = 0.4f;
        Random random = new Random(SEED);
        long[] seeds = random.longs(n).toArray();
        DropoutMask dropout = new DropoutMask(rate);
        float[][][] masks = new float[n][heads][n];
        int dropped = 0;
        for (int t = 0; t < n; t++) {
            for (int h = 0; h < heads; h++) {
                dropout.fill(SplitMix.mix(DropoutMask.state(seeds[t], site) + h + 1), masks[t][h], 0, n);
                for (float mask : masks[t][h]) {
                    dropped += mask == 0f ? 1 : 0;
                }
            }
        }
        assertThat((double) dropped / (n * heads * n)).isBetween(0.3, 0.5);

        float[][] values = {tensorValues(random, n * d), tensorValues(random, n * d), tensorValues(random, n * d)};
        double[][] exact = Arrays.stream(values).map(Numbers::toDouble).toArray(double[][]::new);
        double[] expected = attentionOf(exact, SEGMENTS, d, heads, view, (row, head, key) -> masks[row][head][key]);
        float[] dOutput = Numbers.uniform(random, n * d, 1f);
        Tape tape = Tape.recording(new ParameterSet());
        List<Tensor> inputs = Arrays.stream(values)
                .map(value -> {
                    Tensor tensor = tape.tensor(n, d);
                    System.arraycopy(value, 0, tensor.data(), 0, value.length);
                    return tensor;
                })
                .toList();
        Tensor y = Attention.apply(
                tape,
                inputs.get(0),
                inputs.get(1),
                inputs.get(2),
                SEGMENTS,
                heads,
                view,
                new Attention.Drop(rate, seeds, site));
        assertThat(Numbers.relativeError(expected, y.data())).isLessThan(1e-5);
        System.arraycopy(dOutput, 0, y.grad(), 0, dOutput.length);
        tape.backward();
        for (int i = 0; i < 3; i++) {
            int input = i;
            double[] numeric = FiniteDifferences.gradient(
                    at -> {
                        double[][] moved = exact.clone();
                        moved[input] = at;
                        double[] output =
                                attentionOf(moved, SEGMENTS, d, heads, view, (row, head, key) -> masks[row][head][key]);
                        double sum = 0;
                        for (int j = 0; j < output.length; j++) {
                            sum += output[j] * dOutput[j];
                        }
                        return sum;
                    },
                    exact[i]);
            assertThat(Numbers.relativeError(numeric, inputs.get(i).grad()))
                    .as("input %d", i)
                    .isLessThan(1e-4);
        }
    }

    /**
     * A sequence has the same result, including dropout, alone and in a batch with others, and causal rows do not see
     * later ones.
     */
    @Test
    void attentionDropoutDependsOnTheRowSeedsAlone() {
        int d = 8;
        Random random = new Random(SEED);
        float[] values = tensorValues(random, 14 * d);
        long[] seeds = LongStream.range(100, 114).toArray();
        float[] all = dropped(values, seeds, SEGMENTS, d);
        for (int length : new int[] {5, 3}) {
            float[] alone = dropped(
                    Arrays.copyOfRange(values, 3 * d, (3 + length) * d),
                    Arrays.copyOfRange(seeds, 3, 3 + length),
                    new Segments(new int[] {0, length}),
                    d);
            assertThat(Numbers.relativeError(Numbers.toDouble(alone), Arrays.copyOfRange(all, 3 * d, (3 + length) * d)))
                    .isLessThan(1e-6);
        }
        long[] others = seeds.clone();
        others[4]++;
        assertThat(dropped(values, others, SEGMENTS, d)).isNotEqualTo(all);
    }

    private static float[] dropped(float[] values, long[] seeds, Segments segments, int d) {
        Tape tape = Tape.recording(new ParameterSet());
        Tensor x = tape.tensor(segments.rows(), d);
        System.arraycopy(values, 0, x.data(), 0, values.length);
        Tensor y = Attention.apply(tape, x, x, x, segments, 2, View.CAUSAL, new Attention.Drop(0.5f, seeds, 1));
        return Arrays.copyOf(y.data(), y.size());
    }

    @Test
    void positionEmbedding() {
        int d = 5;
        int[] positions = {0, 1, 2, 0, 6, 2};
        OperationCheck check = new OperationCheck("positions", SEED).input("x", 6, d, 1f);
        Parameter table = check.parameter("table", 1f, 7, d);
        check.run((tape, x) -> PositionEmbedding.apply(tape, x.getFirst(), table, positions), v -> {
            double[] y = v[0].clone();
            for (int t = 0; t < 6; t++) {
                for (int c = 0; c < d; c++) {
                    y[t * d + c] += v[1][positions[t] * d + c];
                }
            }
            return y;
        });
        Tape tape = Tape.forward();
        Tensor x = tape.tensor(1, d);
        assertThatThrownBy(() -> PositionEmbedding.apply(tape, x, table, new int[] {7}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 7");
    }

    @Test
    void selectColumns() {
        new OperationCheck("columns", SEED)
                .input("x", 4, 9, 1f)
                .run((tape, x) -> SelectColumns.apply(tape, x.getFirst(), 2, 5), v -> {
                    double[] y = new double[4 * 5];
                    for (int t = 0; t < 4; t++) {
                        System.arraycopy(v[0], t * 9 + 2, y, t * 5, 5);
                    }
                    return y;
                });
    }

    @Test
    void siluAndSoftplus() {
        new OperationCheck("silu", SEED)
                .input("x", 3, 13, 4f)
                .run(
                        (tape, x) -> Activations.silu(tape, x.getFirst()),
                        v -> Arrays.stream(v[0])
                                .map(x -> x / (1 + Math.exp(-x)))
                                .toArray());
        new OperationCheck("softplus", SEED)
                .input("x", 3, 13, 4f)
                .run(
                        (tape, x) -> Activations.softplus(tape, x.getFirst()),
                        v -> Arrays.stream(v[0])
                                .map(x -> Math.log(1 + Math.exp(x)))
                                .toArray());
    }

    /** The error function by its Maclaurin series, exact to 1e-12 for the arguments used here. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int k = 1; k < 120; k++) {
            term *= -x * x / k;
            sum += term / (2 * k + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    @Test
    void gelu() {
        new OperationCheck("gelu", SEED)
                .input("x", 3, 13, 3f)
                .run(
                        (tape, x) -> Activations.gelu(tape, x.getFirst()),
                        v -> Arrays.stream(v[0])
                                .map(x -> x * 0.5 * (1 + erf(x / Math.sqrt(2))))
                                .toArray());
    }

    /**
     * Computes the scan in double from u, raw step, B, C, A_log and D. The raw step passes through softplus, which
     * makes it positive.
     */
    private static double[] scanOf(double[][] v, Segments segments, int channels, int n) {
        double[] y = new double[segments.rows() * channels];
        for (int s = 0; s < segments.count(); s++) {
            double[] hidden = new double[channels * n];
            for (int t = segments.start(s); t < segments.start(s) + segments.length(s); t++) {
                for (int c = 0; c < channels; c++) {
                    double u = v[0][t * channels + c];
                    double step = Math.log1p(Math.exp(v[1][t * channels + c]));
                    double sum = v[5][c] * u;
                    for (int i = 0; i < n; i++) {
                        double a = -Math.exp(v[4][c * n + i]);
                        hidden[c * n + i] = Math.exp(step * a) * hidden[c * n + i] + step * v[2][t * n + i] * u;
                        sum += v[3][t * n + i] * hidden[c * n + i];
                    }
                    y[t * channels + c] = sum;
                }
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "16, 4", "17, 5"})
    void selectiveScan(int channels, int n) {
        int rows = SEGMENTS.rows();
        OperationCheck check = new OperationCheck("scan", SEED)
                .input("u", rows, channels, 1f)
                .input("step", rows, channels, 2f)
                .input("B", rows, n, 1f)
                .input("C", rows, n, 1f);
        Parameter aLog = check.parameter("A_log", 1f, channels, n);
        Parameter skip = check.parameter("D", 1f, channels);
        check.run(
                (tape, x) -> SelectiveScan.apply(
                        tape,
                        new SelectiveScan.Inputs(x.get(0), Activations.softplus(tape, x.get(1)), x.get(2), x.get(3)),
                        SEGMENTS,
                        new SelectiveScan.Weights(aLog, skip),
                        List.of()),
                v -> scanOf(v, SEGMENTS, channels, n));
    }

    @Test
    void carriedScanStateCannotBeTrainedThrough() {
        ParameterSet set = new ParameterSet();
        Parameter aLog = set.declare("A_log", Parameter.Init.ZERO, 2, 2);
        Parameter skip = set.declare("D", Parameter.Init.ZERO, 2);
        Tape tape = Tape.recording(set);
        Tensor x = tape.tensor(1, 2);
        List<SelectiveScan.State> states = List.of(SelectiveScan.State.initial(2, 2));
        assertThatThrownBy(() -> SelectiveScan.apply(
                        tape,
                        new SelectiveScan.Inputs(x, x, x, x),
                        new Segments(new int[] {0, 1}),
                        new SelectiveScan.Weights(aLog, skip),
                        states))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A loss over an output layer with a bias, whose table has additional rows that are not items. */
    @ParameterizedTest
    @CsvSource({"true, 5, 30", "true, 70, 19", "false, 5, 30"})
    void lossesWithABias(boolean crossEntropy, int rows, int items) {
        int d = 6;
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.ZERO, items + 2, d);
        Parameter bias = set.declare("bias", Parameter.Init.ZERO, items);
        Numbers.fill(random, table.value(), 1f);
        Numbers.fill(random, bias.value(), 1f);
        set.updated();
        OutputLayer output = new OutputLayer(table, items, bias);
        int[] targets = random.ints(rows, 1, items).toArray();
        int[] negatives = random.ints(rows, 1, items).toArray();
        float[] hidden = Numbers.uniform(random, rows * d, 1f);
        float weight = 0.25f;
        double[][] exact = {Numbers.toDouble(hidden), Numbers.toDouble(table.value()), Numbers.toDouble(bias.value())};
        Tape tape = Tape.recording(set);
        Tensor x = tape.tensor(rows, d);
        System.arraycopy(hidden, 0, x.data(), 0, hidden.length);
        double loss = crossEntropy
                ? CatalogueCrossEntropy.apply(tape, x, targets, output, weight)
                : BprLoss.apply(tape, x, targets, negatives, output, weight);
        double expected = lossOf(exact, crossEntropy, rows, items, d, targets, negatives);
        assertThat(Math.abs(loss - expected) / expected).isLessThan(1e-5);
        float[][] gradients = {x.grad(), tape.gradient(table), tape.gradient(bias)};
        for (int i = 0; i < 3; i++) {
            int operand = i;
            double[] numeric = FiniteDifferences.gradient(
                    at -> {
                        double[][] moved = exact.clone();
                        moved[operand] = at;
                        return weight * lossOf(moved, crossEntropy, rows, items, d, targets, negatives);
                    },
                    exact[i]);
            assertThat(Numbers.relativeError(numeric, gradients[i]))
                    .as("operand %d", i)
                    .isLessThan(1e-4);
        }
        assertThat(Arrays.copyOfRange(tape.gradient(table), items * d, (items + 2) * d))
                .as("rows that are no items")
                .containsOnly(0f);
    }

    private static double lossOf(
            double[][] v, boolean crossEntropy, int rows, int items, int d, int[] targets, int[] negatives) {
        double loss = 0;
        for (int r = 0; r < rows; r++) {
            double[] scores = new double[items];
            double sum = 0;
            for (int item = 0; item < items; item++) {
                scores[item] = v[2][item];
                for (int c = 0; c < d; c++) {
                    scores[item] += v[0][r * d + c] * v[1][item * d + c];
                }
                sum += Math.exp(scores[item]);
            }
            loss += crossEntropy
                    ? Math.log(sum) - scores[targets[r]]
                    : Math.log1p(Math.exp(scores[negatives[r]] - scores[targets[r]]));
        }
        return loss;
    }

    /**
     * Scores are written to the right places: no row of scores may overflow into the next, whatever further rows the
     * table has.
     */
    @Test
    void scoresOfAnOutputLayer() {
        int d = 7;
        int items = 65;
        int count = 9;
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.ZERO, items + 1, d);
        Parameter bias = set.declare("bias", Parameter.Init.ZERO, items);
        Numbers.fill(random, table.value(), 1f);
        Numbers.fill(random, bias.value(), 1f);
        set.updated();
        float[] hidden = Numbers.uniform(random, count * d, 1f);
        for (Parameter used : new Parameter[] {bias, null}) {
            float[] scores = new float[count * items + 1];
            scores[count * items] = 42f;
            new OutputLayer(table, items, used).score(count, hidden, scores);
            for (int r = 0; r < count; r++) {
                for (int item = 0; item < items; item++) {
                    double expected = used == null ? 0 : used.value()[item];
                    for (int c = 0; c < d; c++) {
                        expected += (double) hidden[r * d + c] * table.value()[item * d + c];
                    }
                    assertThat(Math.abs(scores[r * items + item] - expected)).isLessThan(1e-5);
                }
            }
            assertThat(scores[count * items]).isEqualTo(42f);
        }
        assertThatThrownBy(() -> new OutputLayer(table, items + 1, bias)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OutputLayer(table, items + 2, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
