package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.testing.OperationCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares every operation except the losses and the TTT scan with plain loops in double and their central differences.
 */
class OperationsTest {
    private static final long SEED = 11;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 7", "130, 3, 66", "9, 64, 16", "2, 17, 130"})
    void linear(int rows, int in, int out) {
        OperationCheck check = new OperationCheck("linear", SEED).input("x", rows, in, 1f);
        Parameter weight = check.parameter("weight", 1f, out, in);
        check.run((tape, x) -> Linear.apply(tape, x.getFirst(), weight), v -> {
            double[] y = new double[rows * out];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < in; i++) {
                        y[r * out + o] += v[0][r * in + i] * v[1][o * in + i];
                    }
                }
            }
            return y;
        });
    }

    @Test
    void embedding() {
        int d = 5;
        int[] items = {3, 1, 3, 6, 3, 2, 99};
        OperationCheck check = new OperationCheck("embedding", SEED);
        Parameter table = check.parameter("table", 1f, 7, d);
        check.run((tape, none) -> Embedding.apply(tape, table, items, 6), v -> {
            double[] y = new double[6 * d];
            for (int t = 0; t < 6; t++) {
                System.arraycopy(v[0], items[t] * d, y, t * d, d);
            }
            return y;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 21, 64})
    void rmsNorm(int d) {
        OperationCheck check = new OperationCheck("RMSNorm", SEED).input("x", 3, d, 2f);
        Parameter gain = check.parameter("gain", 1.5f, d);
        check.run((tape, x) -> RmsNorm.apply(tape, x.getFirst(), gain, 1e-6f), v -> {
            double[] y = new double[3 * d];
            for (int r = 0; r < 3; r++) {
                double squares = 0;
                for (int c = 0; c < d; c++) {
                    squares += v[0][r * d + c] * v[0][r * d + c];
                }
                for (int c = 0; c < d; c++) {
                    y[r * d + c] = v[1][c] * v[0][r * d + c] / Math.sqrt(squares / d + 1e-6f);
                }
            }
            return y;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 21, 64})
    void layerNorm(int d) {
        OperationCheck check = new OperationCheck("LayerNorm", SEED).input("x", 3, d, 2f);
        Parameter gain = check.parameter("gain", 1.5f, d);
        Parameter bias = check.parameter("bias", 1f, d);
        check.run((tape, x) -> LayerNorm.apply(tape, x.getFirst(), gain, bias, 1e-12f), v -> {
            double[] y = new double[3 * d];
            for (int r = 0; r < 3; r++) {
                double[] row = Arrays.copyOfRange(v[0], r * d, (r + 1) * d);
                double mean = Arrays.stream(row).average().orElseThrow();
                double variance = Arrays.stream(row)
                        .map(x -> (x - mean) * (x - mean))
                        .average()
                        .orElseThrow();
                for (int c = 0; c < d; c++) {
                    y[r * d + c] = v[1][c] * (row[c] - mean) / Math.sqrt(variance + 1e-12f) + v[2][c];
                }
            }
            return y;
        });
    }

    @Test
    void add() {
        new OperationCheck("add", SEED)
                .input("x", 3, 7, 1f)
                .input("branch", 3, 7, 1f)
                .run((tape, x) -> Add.apply(tape, x.get(0), x.get(1)), v -> {
                    double[] y = v[0].clone();
                    for (int i = 0; i < y.length; i++) {
                        y[i] += v[1][i];
                    }
                    return y;
                });
    }

    @Test
    void addOfATensorToItself() {
        new OperationCheck("add to itself", SEED)
                .input("x", 2, 9, 1f)
                .run(
                        (tape, x) -> Add.apply(tape, x.getFirst(), x.getFirst()),
                        v -> Arrays.stream(v[0]).map(x -> 2 * x).toArray());
    }

    private static double[] gated(double[][] v, DoubleUnaryOperator activation) {
        double[] y = new double[v[0].length];
        for (int i = 0; i < y.length; i++) {
            y[i] = activation.applyAsDouble(v[0][i]) * v[1][i];
        }
        return y;
    }

    @Test
    void siluGate() {
        new OperationCheck("silu gate", SEED)
                .input("gate", 3, 13, 4f)
                .input("up", 3, 13, 1f)
                .run((tape, x) -> Gates.silu(tape, x.get(0), x.get(1)), v -> gated(v, x -> x / (1 + Math.exp(-x))));
    }

    @Test
    void sigmoidGate() {
        new OperationCheck("sigmoid gate", SEED)
                .input("gate", 3, 13, 4f)
                .input("x", 3, 13, 1f)
                .run((tape, x) -> Gates.sigmoid(tape, x.get(0), x.get(1)), v -> gated(v, x -> 1 / (1 + Math.exp(-x))));
    }

    @Test
    void geluGate() {
        new OperationCheck("gelu gate", SEED)
                .input("gate", 3, 13, 4f)
                .input("x", 3, 13, 1f)
                .run(
                        (tape, x) -> Gates.gelu(tape, x.get(0), x.get(1)),
                        v -> gated(
                                v, x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))));
    }

    @Test
    void selectRows() {
        int d = 6;
        int[] rows = {4, 0, 4, 2};
        new OperationCheck("select rows", SEED)
                .input("x", 5, d, 1f)
                .run((tape, x) -> SelectRows.apply(tape, x.getFirst(), rows), v -> {
                    double[] y = new double[rows.length * d];
                    for (int i = 0; i < rows.length; i++) {
                        System.arraycopy(v[0], rows[i] * d, y, i * d, d);
                    }
                    return y;
                });
    }

    @ParameterizedTest
    @CsvSource({"4, 6", "4, 17", "1, 3", "2, 5"})
    void causalConvolution(int kernel, int d) {
        // Sequences shorter than the kernel, as long as it, and longer.
        Segments segments = new Segments(new int[] {0, 1, 3, 7, 16});
        OperationCheck check = new OperationCheck("convolution", SEED).input("x", 16, d, 1f);
        Parameter weight = check.parameter("weight", 1f, d, 1, kernel);
        Parameter bias = check.parameter("bias", 1f, d);
        check.run((tape, x) -> CausalConvolution.apply(tape, x.getFirst(), segments, weight, bias, List.of()), v -> {
            double[] y = new double[16 * d];
            for (int s = 0; s < segments.count(); s++) {
                for (int t = 0; t < segments.length(s); t++) {
                    int row = segments.start(s) + t;
                    for (int c = 0; c < d; c++) {
                        double sum = v[2][c];
                        for (int back = 0; back < kernel && back <= t; back++) {
                            sum += v[1][c * kernel + kernel - 1 - back] * v[0][(row - back) * d + c];
                        }
                        y[row * d + c] = sum;
                    }
                }
            }
            return y;
        });
    }

    @ParameterizedTest
    @CsvSource({"8, 6, 3", "4, 2, 1", "1, 4, 2"})
    void rotaryEmbedding(int period, int headSize, int heads) {
        int[] positions = {0, 1, 2, 7, 8, 9, 15, 1000, 0, 3};
        int d = headSize * heads;
        RotaryEmbedding rotary = RotaryEmbedding.of(period, headSize, 1000);
        new OperationCheck("rotary embedding", SEED)
                .input("x", positions.length, d, 1f)
                .run((tape, x) -> rotary.apply(tape, x.getFirst(), positions), v -> {
                    double[] y = new double[positions.length * d];
                    for (int t = 0; t < positions.length; t++) {
                        for (int h = 0; h < heads; h++) {
                            for (int j = 0; j < headSize / 2; j++) {
                                double angle = positions[t] % period * Math.pow(1000, -2.0 * j / headSize);
                                int at = t * d + h * headSize + 2 * j;
                                y[at] = v[0][at] * Math.cos(angle) - v[0][at + 1] * Math.sin(angle);
                                y[at + 1] = v[0][at] * Math.sin(angle) + v[0][at + 1] * Math.cos(angle);
                            }
                        }
                    }
                    return y;
                });
    }

    // Dropout

    private static long[] seeds(int from, int to) {
        return LongStream.range(from, to).map(i -> SplitMix.mix(i + 1)).toArray();
    }

    private static Tensor ones(Tape tape, int rows, int columns) {
        Tensor x = tape.tensor(rows, columns);
        Arrays.fill(x.data(), 1f);
        return x;
    }

    private static float[] mask(float rate, int columns, long[] rowSeeds) {
        Tape tape = Tape.recording(new ParameterSet());
        Tensor y = Dropout.apply(tape, ones(tape, rowSeeds.length, columns), rate, rowSeeds);
        return Arrays.copyOf(y.data(), y.size());
    }

    @ParameterizedTest
    @ValueSource(floats = {0.05f, 0.2f, 0.5f, 0.9f})
    void dropoutDropsAtItsRateAndKeepsTheMean(float rate) {
        int rows = 4000;
        int columns = 64;
        float[] mask = mask(rate, columns, seeds(0, rows));
        int dropped = 0;
        int[] droppedInColumn = new int[columns];
        int neighbours = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == 0f) {
                dropped++;
                droppedInColumn[i % columns]++;
                neighbours += i % columns > 0 && mask[i - 1] == 0f ? 1 : 0;
            } else {
                assertThat((double) mask[i]).isCloseTo(1 / (1 - (double) rate), within(1e-3));
            }
        }
        double deviation = Math.sqrt(rate * (1 - rate));
        assertThat((double) dropped / mask.length).isCloseTo(rate, within(5 * deviation / Math.sqrt(mask.length)));
        for (int count : droppedInColumn) {
            assertThat((double) count / rows).isCloseTo(rate, within(5 * deviation / Math.sqrt(rows)));
        }
        double pairs = (double) neighbours / (rows * (columns - 1));
        assertThat(pairs).as("neighbours are independent").isCloseTo(rate * rate, within(0.01));
    }

    @Test
    void rowsMaskDependsOnItsSeedAloneAndNotOnTheBatch() {
        long[] seeds = seeds(0, 10);
        float[] together = mask(0.4f, 21, seeds);
        for (int r = 0; r < seeds.length; r++) {
            float[] alone = mask(0.4f, 21, new long[] {seeds[r]});
            assertThat(Arrays.copyOfRange(together, r * 21, (r + 1) * 21)).containsExactly(alone);
        }
        assertThat(mask(0.4f, 21, seeds(10, 20))).isNotEqualTo(together);
    }

    @Test
    void dropoutSendsGradientsThroughTheSameMask() {
        long[] seeds = seeds(3, 8);
        float[] mask = mask(0.3f, 13, seeds);
        Tape tape = Tape.recording(new ParameterSet());
        Tensor x = tape.tensor(5, 13);
        Random random = new Random(SEED);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] = random.nextFloat();
        }
        Tensor y = Dropout.apply(tape, x, 0.3f, seeds);
        Arrays.fill(y.grad(), 2f);
        Arrays.fill(x.grad(), 1f);
        tape.backward();
        for (int i = 0; i < x.size(); i++) {
            assertThat(y.data()[i]).isEqualTo(x.data()[i] * mask[i]);
            assertThat(x.grad()[i]).isEqualTo(1f + 2f * mask[i]);
        }
    }

    @Test
    void dropoutIsOffAtRateZeroAndInInference() {
        Tape training = Tape.recording(new ParameterSet());
        Tensor x = ones(training, 2, 5);
        assertThat(Dropout.apply(training, x, 0f, new long[0])).isSameAs(x);
        Tape inference = Tape.forward();
        Tensor y = ones(inference, 2, 5);
        assertThat(Dropout.apply(inference, y, 0.5f, new long[0])).isSameAs(y);
    }

    // Composition of operations

    @Test
    void tensorUsedTwiceGetsTheSumOfBothGradients() {
        int d = 6;
        OperationCheck check = new OperationCheck("residual", SEED).input("x", 4, d, 1f);
        Parameter weight = check.parameter("weight", 1f, d, d);
        check.run(
                (tape, x) -> {
                    Tensor branch = Linear.apply(tape, x.getFirst(), weight);
                    return Add.apply(tape, x.getFirst(), Gates.silu(tape, branch, x.getFirst()));
                },
                v -> {
                    double[] y = v[0].clone();
                    for (int r = 0; r < 4; r++) {
                        for (int o = 0; o < d; o++) {
                            double gate = 0;
                            for (int i = 0; i < d; i++) {
                                gate += v[0][r * d + i] * v[1][o * d + i];
                            }
                            y[r * d + o] += gate / (1 + Math.exp(-gate)) * v[0][r * d + o];
                        }
                    }
                    return y;
                });
    }
}
