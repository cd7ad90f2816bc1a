package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTest {
    private static final long SEED = 4;

    /**
     * Compares with algorithm 1 of the paper in double; the gradient is spread over as many tapes as there are workers.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void takesThePapersSteps(int workerCount) throws InterruptedException {
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.NORMAL_TABLE, 5, 3);
        // Longer than one worker's chunk.
        Parameter vector = set.declare("vector", Parameter.Init.NORMAL, 40_000);
        set.initialize(SEED);
        List<Tape> tapes = IntStream.range(0, workerCount)
                .mapToObj(t -> Tape.recording(set))
                .toList();
        double[][] w = {Numbers.toDouble(table.value()), Numbers.toDouble(vector.value())};
        double[][] m = {new double[w[0].length], new double[w[1].length]};
        double[][] v = {new double[w[0].length], new double[w[1].length]};
        double rate = 0.01;
        Adam adam = new Adam(set, rate, List.of(table));
        try (Parallel workers = new Parallel(workerCount, "test")) {
            for (int step = 1; step <= 4; step++) {
                double[][] g = {new double[w[0].length], new double[w[1].length]};
                for (Tape tape : tapes) {
                    for (Parameter parameter : set.all()) {
                        Numbers.fill(random, tape.gradient(parameter), 1f);
                        for (int i = 0; i < parameter.size(); i++) {
                            g[parameter.index()][i] += tape.gradient(parameter)[i];
                        }
                    }
                }
                Arrays.fill(g[0], 0, 3, 0);
                for (int p = 0; p < 2; p++) {
                    for (int i = 0; i < w[p].length; i++) {
                        m[p][i] = 0.9 * m[p][i] + 0.1 * g[p][i];
                        v[p][i] = 0.999 * v[p][i] + 0.001 * g[p][i] * g[p][i];
                        double first = m[p][i] / (1 - Math.pow(0.9, step));
                        double second = v[p][i] / (1 - Math.pow(0.999, step));
                        w[p][i] -= rate * first / (Math.sqrt(second) + 1e-8);
                    }
                }
                adam.step(tapes, workers);
                assertThat(adam.step()).isEqualTo(step);
            }
        }
        // As a float, β₂ is off by 1.3e-8, which 1 − β₂ amplifies to 1e-5 of the second moment.
        assertThat(Numbers.relativeError(w[0], table.value())).isLessThan(1e-5);
        assertThat(Numbers.relativeError(w[1], vector.value())).isLessThan(1e-5);
        assertThat(Arrays.copyOf(table.value(), 3)).as("padding").containsOnly(0f);
        for (Tape tape : tapes) {
            assertThat(tape.gradient(table)).containsOnly(0f);
            assertThat(tape.gradient(vector)).as("cleared").containsOnly(0f);
        }
    }

    /**
     * Rows with a gradient take the paper's steps, with moments decayed over the steps they missed; other rows stay.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void lazyRowsWithAGradientTakeThePapersSteps(int workerCount) throws InterruptedException {
        Random random = new Random(SEED);
        int rows = 40;
        int d = 5;
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.NORMAL_TABLE, rows, d);
        Parameter vector = set.declare("vector", Parameter.Init.NORMAL, 7);
        set.initialize(SEED);
        List<Tape> tapes = IntStream.range(0, workerCount)
                .mapToObj(t -> Tape.recording(set))
                .toList();
        double[] w = Numbers.toDouble(table.value());
        double[] m = new double[w.length];
        double[] v = new double[w.length];
        double rate = 0.01;
        Adam adam = new Adam(set, rate, List.of(table), List.of(new LazyRows(table, workerCount)));
        try (Parallel workers = new Parallel(workerCount, "test")) {
            for (int step = 1; step <= 12; step++) {
                double[] g = new double[w.length];
                boolean[] touched = new boolean[rows];
                for (int worker = 0; worker < workerCount; worker++) {
                    // Padding and repeated rows are included.
                    int[] some = random.ints(9, 0, rows).toArray();
                    some[8] = some[0];
                    float[] gradient = tapes.get(worker).gradient(table);
                    for (int i = 0; i < 8; i++) {
                        touched[some[i]] = true;
                        for (int c = some[i] * d; c < some[i] * d + d; c++) {
                            float more = random.nextFloat() - 0.5f;
                            gradient[c] += more;
                            g[c] += more;
                        }
                    }
                    adam.touch(worker, table, some, 9);
                    adam.touch(worker, vector, some, 9);
                }
                for (int i = 0; i < w.length; i++) {
                    boolean moves = touched[i / d] && i >= d;
                    m[i] = 0.9 * m[i] + (moves ? 0.1 * g[i] : 0);
                    v[i] = 0.999 * v[i] + (moves ? 0.001 * g[i] * g[i] : 0);
                    double first = m[i] / (1 - Math.pow(0.9, step));
                    double second = v[i] / (1 - Math.pow(0.999, step));
                    w[i] -= moves ? rate * first / (Math.sqrt(second) + 1e-8) : 0;
                }
                adam.step(tapes, workers);
                for (Tape tape : tapes) {
                    assertThat(tape.gradient(table)).as("cleared").containsOnly(0f);
                }
            }
        }
        assertThat(Numbers.relativeError(w, table.value())).isLessThan(1e-5);
        assertThat(Arrays.copyOf(table.value(), d)).as("padding").containsOnly(0f);
    }

    /** If every row has a gradient in every step, lazy and dense updates are bit-identical. */
    @Test
    void lazyUpdatesOfAllRowsAreTheDenseOnes() throws InterruptedException {
        int[] all = IntStream.range(0, 30).toArray();
        float[][] values = new float[2][];
        for (int lazy = 0; lazy < 2; lazy++) {
            ParameterSet set = new ParameterSet();
            Parameter table = set.declare("table", Parameter.Init.NORMAL_TABLE, 30, 19);
            set.initialize(SEED);
            Random random = new Random(SEED);
            Tape tape = Tape.recording(set);
            Adam adam = new Adam(set, 0.01, List.of(table), lazy == 1 ? List.of(new LazyRows(table, 2)) : List.of());
            try (Parallel workers = new Parallel(2, "test")) {
                for (int step = 0; step < 5; step++) {
                    Numbers.fill(random, tape.gradient(table), 1f);
                    adam.touch(1, table, all, all.length);
                    adam.step(List.of(tape), workers);
                }
            }
            values[lazy] = table.value();
        }
        assertThat(values[1]).containsExactly(values[0]);
    }

    /**
     * The cost of a lazy step must not grow with the table: rows that are not named are neither updated nor cleared.
     */
    @Test
    void lazyStepDoesNotGoThroughOtherRows() throws InterruptedException {
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.NORMAL_TABLE, 6, 4);
        set.initialize(SEED);
        float[] before = table.value().clone();
        Tape tape = Tape.recording(set);
        Arrays.fill(tape.gradient(table), 1f);
        Adam adam = new Adam(set, 0.01, List.of(table), List.of(new LazyRows(table, 1)));
        adam.touch(0, table, new int[] {2, 4, 5}, 2);
        try (Parallel workers = new Parallel(1, "test")) {
            adam.step(List.of(tape), workers);
        }
        for (int row = 1; row < 6; row++) {
            boolean named = row == 2 || row == 4;
            assertThat(tape.gradient(table)[row * 4 + 1])
                    .as("gradient of row %d", row)
                    .isEqualTo(named ? 0f : 1f);
            assertThat(table.value()[row * 4 + 1] == before[row * 4 + 1])
                    .as("row %d is as it was", row)
                    .isEqualTo(!named);
        }
    }
}
