package io.github.ttt4rec.ttt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import io.github.ttt4rec.testing.OperationCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the scan, which uses the dual form and a hand-written backward pass, with the primal form in double and its
 * central differences: outputs within 1e-5, each gradient within 1e-4 of its largest entry.
 */
class TttScanTest {
    private static final long SEED = 5;

    /** The index of the first parameter among the values of a check, after query, key, value and rate. */
    private static final int PARAMETERS = 4;

    private static Segments segments(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            offsets[s + 1] = offsets[s] + lengths[s];
        }
        return new Segments(offsets);
    }

    /** Sequences of lengths 1, K − 1, K, K + 1 and 3K + 2. */
    private static Segments lengthsAround(int k) {
        return k == 1 ? segments(1, 2, 5) : segments(1, k - 1, k, k + 1, 3 * k + 2);
    }

    /** The whole operation in the primal form; values as in {@link OperationCheck.Reference}. */
    private static double[] primal(TttParameters p, Segments segments, double[][] v) {
        int f = p.headSize();
        int d = f * p.heads();
        double[] y = new double[segments.rows() * d];
        for (int h = 0; h < p.heads(); h++) {
            for (int s = 0; s < segments.count(); s++) {
                double[][] outputs = primal(p, segments, v, h, s).outputs();
                for (int t = 0; t < outputs.length; t++) {
                    System.arraycopy(outputs[t], 0, y, (segments.start(s) + t) * d + h * f, f);
                }
            }
        }
        return y;
    }

    private static PrimalTtt.Result primal(TttParameters p, Segments segments, double[][] v, int head, int s) {
        int length = segments.length(s);
        double[] rate = new double[length];
        for (int t = 0; t < length; t++) {
            rate[t] = v[3][(segments.start(s) + t) * p.heads() + head];
        }
        return primal(p, v, head)
                .run(
                        headRows(v[0], p, segments, head, s),
                        headRows(v[1], p, segments, head, s),
                        headRows(v[2], p, segments, head, s),
                        rate,
                        initial(p, v, head));
    }

    private static PrimalTtt primal(TttParameters p, double[][] v, int head) {
        double[] tokenIndex = p.tokenIndex() == null ? new double[p.miniBatch()] : v[PARAMETERS];
        int gain = p.tokenIndex() == null ? PARAMETERS : PARAMETERS + 1;
        PrimalTtt.Norm norm = p.norm() == null
                ? null
                : new PrimalTtt.Norm(slice(v[gain], head, p.heads()), slice(v[gain + 1], head, p.heads()));
        return new PrimalTtt(p.type(), p.headSize(), p.miniBatch(), tokenIndex, norm);
    }

    private static double[][] headRows(double[] x, TttParameters p, Segments segments, int head, int s) {
        int f = p.headSize();
        double[][] rows = new double[segments.length(s)][];
        for (int t = 0; t < rows.length; t++) {
            int from = (segments.start(s) + t) * f * p.heads() + head * f;
            rows[t] = Arrays.copyOfRange(x, from, from + f);
        }
        return rows;
    }

    /** The part of one head in a parameter that contains the heads in turn. */
    private static double[] slice(double[] values, int head, int heads) {
        int size = values.length / heads;
        return Arrays.copyOfRange(values, head * size, (head + 1) * size);
    }

    private static double[] initial(TttParameters p, double[][] v, int head) {
        double[] block = new double[p.weightCount()];
        int first = v.length - p.initial().size();
        int offset = 0;
        for (int part = 0; part < p.initial().size(); part++) {
            double[] values = slice(v[first + part], head, p.heads());
            System.arraycopy(values, 0, block, offset, values.length);
            offset += values.length;
        }
        return block;
    }

    private static float[] rates(int n) {
        float[] rates = Numbers.uniform(new Random(SEED), n, 0.15f);
        for (int i = 0; i < n; i++) {
            rates[i] += 0.2f;
        }
        return rates;
    }

    private static TttParameters declare(OperationCheck check, InnerModelType type, int heads, int f, int k) {
        return add(check, TttParameters.declare(check.set, "", type, heads, f, k, true, true));
    }

    private static TttParameters add(OperationCheck check, TttParameters p) {
        if (p.tokenIndex() != null) {
            check.add(p.tokenIndex(), 0.05f, 0f);
        }
        if (p.norm() != null) {
            check.add(p.norm().gain(), 0.3f, 1f);
            check.add(p.norm().bias(), 0.3f, 0f);
        }
        for (Parameter part : p.initial()) {
            check.add(part, 0.5f, 0f);
        }
        return p;
    }

    private static OperationCheck check(InnerModelType type, int rows, int heads, int f, int k) {
        return new OperationCheck(type + ", f = " + f + ", K = " + k, SEED)
                .input("query", rows, heads * f, 1f)
                .input("key", rows, heads * f, 1f)
                .input("value", rows, heads * f, 1f)
                .input("rate", rows, heads, rates(rows * heads));
    }

    private static Tensor scan(Tape tape, List<Tensor> x, Segments segments, TttParameters p) {
        return TttScan.apply(tape, x.get(0), x.get(1), x.get(2), x.get(3), segments, p);
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR, 2, 4, 1",
        "LINEAR, 2, 4, 4",
        "LINEAR, 1, 6, 8",
        "LINEAR, 1, 16, 2",
        "LINEAR, 1, 10, 3",
        "MLP, 2, 4, 1",
        "MLP, 2, 4, 4",
        "MLP, 1, 4, 8",
        "MLP, 1, 10, 2"
    })
    void equalsThePrimalForm(InnerModelType type, int heads, int f, int k) {
        Segments segments = lengthsAround(k);
        OperationCheck check = check(type, segments.rows(), heads, f, k);
        TttParameters p = declare(check, type, heads, f, k);
        check.run((tape, x) -> scan(tape, x, segments, p), v -> primal(p, segments, v));
    }

    /** The ablations: position scales that are not learned, and LN as the identity. */
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 2, 4, 4, true, false",
        "LINEAR, 1, 16, 8, false, false",
        "LINEAR, 1, 10, 3, false, true",
        "LINEAR, 2, 4, 1, true, false",
        "MLP, 2, 4, 4, true, false",
        "MLP, 1, 4, 8, false, false",
        "MLP, 1, 4, 3, false, true",
        "MLP, 2, 4, 1, true, false"
    })
    void controlsEqualThePrimalForm(
            InnerModelType type, int heads, int f, int k, boolean learnedScales, boolean hasNorm) {
        Segments segments = lengthsAround(k);
        OperationCheck check = check(type, segments.rows(), heads, f, k);
        TttParameters p = add(check, TttParameters.declare(check.set, "", type, heads, f, k, learnedScales, hasNorm));
        assertThat(check.set.all()).hasSize(p.initial().size() + (learnedScales ? 1 : 0) + (hasNorm ? 2 : 0));
        check.run((tape, x) -> scan(tape, x, segments, p), v -> primal(p, segments, v));
    }

    /**
     * If max(0, 1/(i + 1) + τ_i) is clamped, a position sees W itself and τ_i has no gradient. This includes the last
     * position.
     */
    @ParameterizedTest
    @EnumSource(InnerModelType.class)
    void clampedPositionScales(InnerModelType type) {
        for (int clamped : new int[] {1, 3}) {
            int k = 4;
            Segments segments = segments(3 * k + 2, k);
            OperationCheck check = check(type, segments.rows(), 1, 4, k);
            TttParameters p = declare(check, type, 1, 4, k);
            p.tokenIndex().value()[clamped] = -0.8f;
            check.run((tape, x) -> scan(tape, x, segments, p), v -> primal(p, segments, v));
        }
    }

    /** With rates of 0 nothing is learned: the output is that of W_0. The rates still have a gradient. */
    @ParameterizedTest
    @EnumSource(InnerModelType.class)
    void ratesOfZero(InnerModelType type) {
        Segments segments = segments(9);
        OperationCheck check = new OperationCheck(type + " frozen", SEED)
                .input("query", 9, 4, 1f)
                .input("key", 9, 4, 1f)
                .input("value", 9, 4, 1f)
                .input("rate", 9, 1, new float[9]);
        TttParameters p = declare(check, type, 1, 4, 4);
        check.run((tape, x) -> scan(tape, x, segments, p), v -> primal(p, segments, v));
    }

    @ParameterizedTest
    @CsvSource({"LINEAR, true", "LINEAR, false", "MLP, true", "MLP, false"})
    void primalFormsInnerGradientIsThatOfItsLoss(InnerModelType type, boolean hasNorm) {
        int f = 5;
        Random random = new Random(SEED);
        double[] gain = Numbers.toDouble(Numbers.uniform(random, f, 1f));
        double[] bias = Numbers.toDouble(Numbers.uniform(random, f, 1f));
        double[] key = Numbers.toDouble(Numbers.uniform(random, f, 1f));
        double[] target = Numbers.toDouble(Numbers.uniform(random, f, 1f));
        int count = type == InnerModelType.LINEAR ? f * f + f : 8 * f * f + 5 * f;
        double[] weights = Numbers.toDouble(Numbers.uniform(random, count, 1f));
        PrimalTtt primal = new PrimalTtt(type, f, 1, new double[1], hasNorm ? new PrimalTtt.Norm(gain, bias) : null);
        assertThat(primal.innerGradient(weights, key, target))
                .containsExactly(
                        FiniteDifferences.gradient(w -> primal.innerLoss(w, key, target), weights), within(1e-8));
    }

    /** Random parameters, and inputs of one sequence. */
    private static final class Stream {
        final int heads = 2;
        final int f = 4;
        final int length;
        final TttParameters parameters;
        final float[][] inputs;
        /** The inputs and parameters in double, in the form that {@link #primal} takes. */
        final double[][] values;

        Stream(InnerModelType type, int k, boolean hasNorm) {
            int d = heads * f;
            length = 3 * k + 2;
            Random random = new Random(SEED);
            ParameterSet set = new ParameterSet();
            parameters = TttParameters.declare(set, "", type, heads, f, k, true, hasNorm);
            for (Parameter parameter : set.all()) {
                Numbers.fill(random, parameter.value(), 0.5f);
            }
            // If the last scale were clamped to 0, no mini-batch would influence the next.
            Objects.requireNonNull(parameters.tokenIndex()).value()[k - 1] = 0.1f;
            set.updated();
            inputs = new float[][] {
                Numbers.uniform(random, length * d, 1f),
                Numbers.uniform(random, length * d, 1f),
                Numbers.uniform(random, length * d, 1f),
                rates(length * heads)
            };
            List<double[]> all = new ArrayList<>();
            for (float[] input : inputs) {
                all.add(Numbers.toDouble(input));
            }
            for (Parameter parameter : set.all()) {
                all.add(Numbers.toDouble(parameter.value()));
            }
            values = all.toArray(double[][]::new);
        }

        /** Streams events {@code from .. from + n − 1}; their outputs are valid until the tape is reset. */
        Tensor append(Tape tape, FastWeights state, int from, int n) {
            Tensor[] x = new Tensor[4];
            for (int i = 0; i < 4; i++) {
                int columns = i == 3 ? heads : heads * f;
                x[i] = tape.tensor(n, columns);
                System.arraycopy(inputs[i], from * columns, x[i].data(), 0, n * columns);
            }
            return TttScan.stream(tape, x[0], x[1], x[2], x[3], parameters, state);
        }
    }

    /** Compares streaming in chunks of all sizes, and the resulting state, with the primal form. */
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 1, true",
        "LINEAR, 4, true",
        "LINEAR, 8, true",
        "MLP, 1, true",
        "MLP, 4, true",
        "MLP, 8, true",
        "LINEAR, 4, false",
        "MLP, 4, false"
    })
    void streamingEqualsThePrimalForm(InnerModelType type, int k, boolean hasNorm) {
        Stream stream = new Stream(type, k, hasNorm);
        TttParameters p = stream.parameters;
        int length = stream.length;
        int d = p.heads() * p.headSize();
        double[] expected = primal(p, segments(length), stream.values);

        for (int chunk = 1; chunk <= length; chunk++) {
            FastWeights state = FastWeights.initial(p);
            assertThat(state.drift()).isZero();
            float[] outputs = new float[length * d];
            Tape tape = Tape.forward();
            for (int from = 0; from < length; from += chunk) {
                int n = Math.min(chunk, length - from);
                Tensor y = stream.append(tape, state, from, n);
                System.arraycopy(y.data(), 0, outputs, from * d, n * d);
                tape.reset();
                assertThat(state.events()).isEqualTo(from + n);
                assertThat(state.open()).isEqualTo((from + n) % k);
            }
            assertThat(Numbers.relativeError(expected, outputs))
                    .as("chunks of %d", chunk)
                    .isLessThan(1e-5);
            assertWeights(p, stream.values, length, state);
        }
    }

    /**
     * Compares the inner loss and the step of the last event of every chunk with the primal form's loss and its
     * differences.
     */
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 1, true",
        "LINEAR, 4, true",
        "LINEAR, 8, true",
        "MLP, 1, true",
        "MLP, 4, true",
        "MLP, 8, true",
        "LINEAR, 4, false",
        "MLP, 4, false"
    })
    void lastStepIsThatOfThePrimalForm(InnerModelType type, int k, boolean hasNorm) {
        Stream stream = new Stream(type, k, hasNorm);
        TttParameters p = stream.parameters;
        int length = stream.length;
        double[] losses = new double[length];
        double[] squaredChanges = new double[length];
        double lastScale = 1.0 / k + stream.values[PARAMETERS][k - 1];
        for (int h = 0; h < p.heads(); h++) {
            PrimalTtt primal = primal(p, stream.values, h);
            double[][] keys = headRows(stream.values[1], p, segments(length), h, 0);
            double[][] values = headRows(stream.values[2], p, segments(length), h, 0);
            for (int t = 0; t < length; t++) {
                double[] start =
                        primal(p, segments(t - t % k), stream.values, h, 0).weights();
                double[] key = keys[t];
                double[] target = values[t].clone();
                for (int c = 0; c < target.length; c++) {
                    target[c] -= key[c];
                }
                losses[t] += primal.innerLoss(start, key, target) / p.heads();
                double[] gradient = FiniteDifferences.gradient(w -> primal.innerLoss(w, key, target), start);
                double step = lastScale * stream.values[3][t * p.heads() + h];
                for (double g : gradient) {
                    squaredChanges[t] += step * step * g * g;
                }
            }
        }
        for (int chunk = 1; chunk <= length; chunk++) {
            FastWeights state = FastWeights.initial(p);
            Tape tape = Tape.forward();
            for (int from = 0; from < length; from += chunk) {
                int n = Math.min(chunk, length - from);
                stream.append(tape, state, from, n);
                tape.reset();
                int last = from + n - 1;
                assertThat(state.loss()).isCloseTo(losses[last], withinPercentage(0.01));
                assertThat(state.squaredChange()).isCloseTo(squaredChanges[last], withinPercentage(0.02));
            }
        }
    }

    /** With mini-batches of one event, the event's own step is the whole change of W. */
    @ParameterizedTest
    @EnumSource(InnerModelType.class)
    void withoutMiniBatchesTheLastStepIsTheMoveOfTheWeights(InnerModelType type) {
        Stream stream = new Stream(type, 1, true);
        FastWeights state = FastWeights.initial(stream.parameters);
        assertThat(state.squaredChange()).isZero();
        for (int t = 0; t < stream.length; t++) {
            float[] before = state.weights.clone();
            stream.append(Tape.forward(), state, t, 1);
            double moved = 0;
            for (int w = 0; w < before.length; w++) {
                moved += Math.pow((double) state.weights[w] - before[w], 2);
            }
            assertThat(state.squaredChange()).isCloseTo(moved, withinPercentage(0.01));
            assertThat(state.copy().squaredChange()).isEqualTo(state.squaredChange());
            assertThat(state.copy().loss()).isEqualTo(state.loss());
        }
    }

    private static void assertWeights(TttParameters p, double[][] v, int length, FastWeights state) {
        double moved = 0;
        for (int h = 0; h < p.heads(); h++) {
            double[] weights = primal(p, segments(length), v, h, 0).weights();
            double[] start = initial(p, v, h);
            float[] actual = Arrays.copyOfRange(state.weights, h * weights.length, (h + 1) * weights.length);
            assertThat(Numbers.relativeError(weights, actual)).isLessThan(1e-5);
            for (int w = 0; w < weights.length; w++) {
                moved += (weights[w] - start[w]) * (weights[w] - start[w]);
            }
            int offset = 0;
            for (int part = 0; part < p.initial().size(); part++) {
                int size = p.initial().get(part).size() / p.heads();
                float[] published = Arrays.copyOfRange(state.parts().get(part), h * size, (h + 1) * size);
                assertThat(published).containsExactly(Arrays.copyOfRange(actual, offset, offset + size));
                offset += size;
            }
        }
        assertThat(state.drift()).isCloseTo(Math.sqrt(moved), within(1e-4 * Math.sqrt(moved)));
    }

    @Test
    void copyOfAStateIsIndependent() {
        ParameterSet set = new ParameterSet();
        TttParameters p = TttParameters.declare(set, "", InnerModelType.LINEAR, 1, 2, 2, true, true);
        set.initialize(SEED);
        FastWeights state = FastWeights.initial(p);
        Tape tape = Tape.forward();
        consume(tape, p, state);
        FastWeights copy = state.copy();
        assertThat(copy).isEqualTo(state).hasSameHashCodeAs(state);
        consume(tape, p, copy);
        assertThat(copy).isNotEqualTo(state);
        assertThat(state.events()).isEqualTo(1);
        assertThat(state.open()).isEqualTo(1);
        consume(tape, p, state);
        assertThat(copy).isEqualTo(state);
    }

    private static void consume(Tape tape, TttParameters p, FastWeights state) {
        Tensor x = tape.tensor(1, 2);
        x.data()[0] = 1f;
        x.data()[1] = -0.5f;
        Tensor rate = tape.tensor(1, 1);
        rate.data()[0] = 0.5f;
        TttScan.stream(tape, x, x, x, rate, p, state);
        tape.reset();
    }

    @Test
    void aCarriedStateIsNotTrainedThrough() {
        ParameterSet set = new ParameterSet();
        TttParameters p = TttParameters.declare(set, "", InnerModelType.LINEAR, 1, 2, 2, true, true);
        Tape tape = Tape.recording(set);
        Tensor x = tape.tensor(1, 2);
        FastWeights state = FastWeights.initial(p);
        assertThatThrownBy(() -> TttScan.stream(tape, x, x, x, tape.tensor(1, 1), p, state))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"5, 1, 0.0625", "9, 4, 0.25", "70, 3, 1"})
    void innerLearningRate(int d, int heads, float factor) {
        int rows = 6;
        OperationCheck check = new OperationCheck("inner learning rate", SEED).input("x", rows, d, 1f);
        Parameter weight = check.parameter("weight", 1f, heads, 1, d);
        Parameter bias = check.parameter("bias", 1f, heads, 1);
        check.run((tape, x) -> InnerLearningRate.apply(tape, x.getFirst(), weight, bias, factor), v -> {
            double[] y = new double[rows * heads];
            for (int t = 0; t < rows; t++) {
                for (int h = 0; h < heads; h++) {
                    double logit = v[2][h];
                    for (int c = 0; c < d; c++) {
                        logit += v[0][t * d + c] * v[1][h * d + c];
                    }
                    y[t * heads + h] = factor / (1 + Math.exp(-logit));
                }
            }
            return y;
        });
    }

    /**
     * The ablation in which every token and head has the rate σ(0) = ½ times the factor, also in memory that was used
     * before.
     */
    @Test
    void fixedInnerLearningRate() {
        Tape tape = Tape.forward();
        Arrays.fill(tape.tensor(7, 3).data(), 9f);
        tape.reset();
        Tensor rate = InnerLearningRate.fixed(tape, 7, 3, 0.25f);
        assertThat(rate.rows()).isEqualTo(7);
        assertThat(rate.columns()).isEqualTo(3);
        assertThat(Arrays.copyOf(rate.data(), rate.size())).containsOnly(0.125f);
    }

    /** With base_lr 0, the ablation with frozen fast weights, rates and gradients are 0, not NaN. */
    @Test
    void innerLearningRateWithFactorZero() {
        OperationCheck check = new OperationCheck("inner learning rate 0", SEED).input("x", 6, 5, 1f);
        Parameter weight = check.parameter("weight", 1f, 2, 1, 5);
        Parameter bias = check.parameter("bias", 1f, 2, 1);
        check.run((tape, x) -> InnerLearningRate.apply(tape, x.getFirst(), weight, bias, 0f), v -> new double[12]);
    }
}
