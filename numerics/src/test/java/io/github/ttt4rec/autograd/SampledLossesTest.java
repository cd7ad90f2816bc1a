package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The losses with sampled negatives: the value is exact within 1e-5, gradients within 1e-4 of their largest entry. */
class SampledLossesTest {
    private static final long SEED = 29;
    private static final float WEIGHT = 0.37f;

    /** Vectors, and an output layer whose table has an additional row that is not an item. */
    private static final class Case {
        final int rows;
        final int items;
        final int d;
        final ParameterSet set = new ParameterSet();
        final Parameter table;
        final @Nullable Parameter bias;
        final OutputLayer output;
        final float[] hidden;
        final int[] targets;
        final Random random = new Random(SEED);

        Case(int rows, int items, int d, boolean biased, float bound) {
            this.rows = rows;
            this.items = items;
            this.d = d;
            table = set.declare("table", Parameter.Init.ZERO, items + 2, d);
            bias = biased ? set.declare("bias", Parameter.Init.ZERO, items + 1) : null;
            Numbers.fill(random, table.value(), bound);
            if (bias != null) {
                Numbers.fill(random, bias.value(), bound);
            }
            set.updated();
            output = new OutputLayer(table, items + 1, bias);
            hidden = Numbers.uniform(random, rows * d, bound);
            // Longer than the number of rows, as callers are allowed to pass.
            targets = random.ints(rows + 2, 1, items + 1).toArray();
        }

        /** Items drawn uniformly, but with arbitrary logarithms, which the loss must use unchanged. */
        Negatives negatives(int count, int share, int first) {
            int blocks = (first + rows - 1) / share - first / share + 1;
            int[] drawn = random.ints((long) blocks * count, 1, items + 1).toArray();
            return new Negatives(count, share, first, drawn, Numbers.uniform(random, drawn.length, 2f));
        }

        Tensor hiddenOn(Tape tape) {
            Tensor tensor = tape.tensor(rows, d);
            System.arraycopy(hidden, 0, tensor.data(), 0, hidden.length);
            return tensor;
        }

        double[][] exact() {
            return new double[][] {
                Numbers.toDouble(hidden),
                Numbers.toDouble(table.value()),
                bias == null ? new double[items + 1] : Numbers.toDouble(bias.value())
            };
        }

        double score(double[][] v, int row, int item) {
            double sum = v[2][item];
            for (int c = 0; c < d; c++) {
                sum += v[0][row * d + c] * v[1][item * d + c];
            }
            return sum;
        }
    }

    private interface Loss {
        double apply(Tape tape, Tensor hidden);
    }

    private interface Reference {
        double apply(double[][] values);
    }

    private static double softplus(double x) {
        return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static int start(Negatives negatives, int row) {
        int block = (negatives.first() + row) / negatives.share() - negatives.first() / negatives.share();
        return block * negatives.count();
    }

    private static double crossEntropy(Case on, Negatives negatives, double[][] v) {
        double loss = 0;
        for (int r = 0; r < on.rows; r++) {
            double target = on.score(v, r, on.targets[r]);
            double[] logits = new double[negatives.count() + 2];
            logits[1] = on.score(v, r, 0) - target;
            for (int j = 0; j < negatives.count(); j++) {
                int at = start(negatives, r) + j;
                int item = negatives.items()[at];
                logits[j + 2] = item == on.targets[r]
                        ? Double.NEGATIVE_INFINITY
                        : on.score(v, r, item) - negatives.logExpected()[at] - target;
            }
            double max = Arrays.stream(logits).max().orElseThrow();
            loss += max
                    + Math.log(Arrays.stream(logits).map(x -> Math.exp(x - max)).sum());
        }
        return loss;
    }

    private static double binaryCrossEntropy(Case on, Negatives negatives, double beta, double[][] v) {
        double loss = 0;
        for (int r = 0; r < on.rows; r++) {
            loss += beta * softplus(-on.score(v, r, on.targets[r]));
            for (int j = start(negatives, r); j < start(negatives, r) + negatives.count(); j++) {
                int item = negatives.items()[j];
                loss += item == on.targets[r] ? 0 : softplus(on.score(v, r, item));
            }
        }
        return loss / (negatives.count() + 1);
    }

    private static void check(Case on, Loss loss, Reference reference) {
        double[][] exact = on.exact();
        double expected = reference.apply(exact);
        Tape tape = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(tape);
        assertThat(loss.apply(tape, hidden)).isCloseTo(expected, within(1e-5 * expected));
        int operands = on.bias == null ? 2 : 3;
        double[][] numeric = new double[operands][];
        for (int i = 0; i < operands; i++) {
            int operand = i;
            numeric[i] = FiniteDifferences.gradient(
                    at -> {
                        double[][] moved = exact.clone();
                        moved[operand] = at;
                        return WEIGHT * reference.apply(moved);
                    },
                    exact[i]);
            assertThat(Numbers.relativeError(numeric[i], gradient(on, tape, hidden, i)))
                    .as("gradient of operand %d, seed %d", i, SEED)
                    .isLessThan(1e-4);
        }
        loss.apply(tape, hidden);
        for (int i = 0; i < operands; i++) {
            double[] twice = Arrays.stream(numeric[i]).map(x -> 2 * x).toArray();
            assertThat(Numbers.relativeError(twice, gradient(on, tape, hidden, i)))
                    .as("gradients add")
                    .isLessThan(1e-4);
        }
        assertThat(Arrays.copyOfRange(tape.gradient(on.table), (on.items + 1) * on.d, on.table.size()))
                .as("a row that is no item")
                .containsOnly(0f);
        Tape inference = Tape.forward();
        assertThat(loss.apply(inference, on.hiddenOn(inference))).isCloseTo(expected, within(1e-5 * expected));
    }

    private static float[] gradient(Case on, Tape tape, Tensor hidden, int operand) {
        return switch (operand) {
            case 0 -> hidden.grad();
            case 1 -> tape.gradient(on.table);
            default -> {
                assertThat(on.bias).isNotNull();
                yield on.bias == null ? new float[0] : tape.gradient(on.bias);
            }
        };
    }

    /** Small catalogues, so that the draws include targets and repeated items. */
    @ParameterizedTest
    @CsvSource({
        "1, 2, 1, 1, 1, 0, false",
        "6, 9, 4, 1, 1, 0, true",
        "6, 9, 4, 5, 1, 0, false",
        "13, 9, 7, 12, 4, 3, true",
        "13, 30, 17, 70, 8, 9, false",
        "20, 30, 3, 20, 64, 50, true"
    })
    void matchTheirDefinitions(int rows, int items, int d, int count, int share, int first, boolean biased) {
        Case on = new Case(rows, items, d, biased, 1.2f);
        Negatives negatives = on.negatives(count, share, first);
        check(
                on,
                (tape, hidden) -> SampledCrossEntropy.apply(tape, hidden, on.targets, negatives, on.output, WEIGHT),
                values -> crossEntropy(on, negatives, values));
        for (float beta : new float[] {1f, 0.3f}) {
            check(
                    on,
                    (tape, hidden) -> SampledBinaryCrossEntropy.apply(
                            tape, hidden, on.targets, negatives, beta, on.output, WEIGHT),
                    values -> binaryCrossEntropy(on, negatives, beta, values));
        }
    }

    /** Scores far beyond ±88, for which e^x overflows in float. */
    @Test
    void extremeScoresDoNotOverflow() {
        Case on = new Case(8, 12, 4, false, 30f);
        Negatives negatives = on.negatives(9, 3, 0);
        check(
                on,
                (tape, hidden) -> SampledCrossEntropy.apply(tape, hidden, on.targets, negatives, on.output, WEIGHT),
                values -> crossEntropy(on, negatives, values));
        check(
                on,
                (tape, hidden) ->
                        SampledBinaryCrossEntropy.apply(tape, hidden, on.targets, negatives, 1f, on.output, WEIGHT),
                values -> binaryCrossEntropy(on, negatives, 1, values));
    }

    /** Each item is drawn once and expected once: log(n·q) = log(V/V) = 0. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void sampledCrossEntropyOfAllItemsIsTheFullOne(boolean biased) {
        Case on = new Case(30, 40, 8, biased, 1f);
        int[] all = IntStream.rangeClosed(1, 40).toArray();
        Negatives negatives = new Negatives(40, 64, 0, all, new float[40]);
        Tape full = Tape.recording(on.set);
        Tensor fullHidden = on.hiddenOn(full);
        double expected = CatalogueCrossEntropy.apply(full, fullHidden, on.targets, on.output, WEIGHT);
        Tape sampled = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(sampled);
        assertThat(SampledCrossEntropy.apply(sampled, hidden, on.targets, negatives, on.output, WEIGHT))
                .isCloseTo(expected, within(1e-6 * expected));
        assertThat(Numbers.relativeError(Numbers.toDouble(fullHidden.grad(), 0, 30 * 8), hidden.grad()))
                .isLessThan(1e-5);
        for (Parameter parameter : on.set.all()) {
            assertThat(Numbers.relativeError(Numbers.toDouble(full.gradient(parameter)), sampled.gradient(parameter)))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void beta() {
        assertThat(SampledBinaryCrossEntropy.beta(0, 0.01)).isEqualTo(1f);
        assertThat(SampledBinaryCrossEntropy.beta(1, 0.01)).isCloseTo(0.01f, within(1e-6f));
        double alpha = 0.02;
        assertThat(SampledBinaryCrossEntropy.beta(0.75, alpha))
                .as("as the paper writes it")
                .isCloseTo((float) (alpha * (0.75 * (1 - 1 / alpha) + 1 / alpha)), within(1e-6f));
        assertThat(SampledBinaryCrossEntropy.beta(0.75, 3)).isEqualTo(1f);
    }

    @Test
    void negativesComeInWholeBlocks() {
        assertThatThrownBy(() -> new Negatives(3, 1, 0, new int[4], new float[4]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Negatives(2, 1, 0, new int[4], new float[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
