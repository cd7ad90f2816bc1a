package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTest {
    private static final long SEED = 4;

    /** Against algorithm 1 of the paper in double, with the gradient spread over as many tapes as there are workers. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void takesThePapersSteps(int workerCount) {
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter table = set.declare("table", Parameter.Init.NORMAL_TABLE, 5, 3);
        // Longer than a worker's chunk.
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
        try (Workers workers = new Workers(workerCount)) {
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
        // β₂ as a float is off by 1.3e-8, which 1 − β₂ turns into 1e-5 of the second moment.
        assertThat(Numbers.relativeError(w[0], table.value())).isLessThan(1e-5);
        assertThat(Numbers.relativeError(w[1], vector.value())).isLessThan(1e-5);
        assertThat(Arrays.copyOf(table.value(), 3)).as("padding").containsOnly(0f);
        for (Tape tape : tapes) {
            assertThat(tape.gradient(table)).containsOnly(0f);
            assertThat(tape.gradient(vector)).as("cleared").containsOnly(0f);
        }
    }
}
