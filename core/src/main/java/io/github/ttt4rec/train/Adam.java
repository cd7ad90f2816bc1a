package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.kernels.Kernels;
import java.util.Arrays;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015; β₁ 0.9, β₂ 0.999, ε 1e-8) over the sum of the workers' gradients, which it clears. Every
 * parameter is treated densely, the item embedding too: with cross-entropy over the catalogue every item has a gradient at
 * every step, and where an item has none (BPR) its moments still decay and still move it, as in the published code. The
 * padding row, row 0 of an item table, is never trained.
 */
final class Adam {
    private static final Kernels KERNELS = Kernels.active();
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    /** Elements of a parameter that one worker updates at a time: 64 KB of each array. */
    private static final int CHUNK = 1 << 14;

    private final ParameterSet parameters;
    private final double learningRate;
    private final List<Parameter> tables;
    private final float[][] first;
    private final float[][] second;
    private long step;

    Adam(ParameterSet parameters, double learningRate, List<Parameter> tables) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.tables = tables;
        first = parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new);
        second = parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new);
    }

    /** First moments by parameter index; not a copy. */
    float[][] first() {
        return first;
    }

    /** Second moments by parameter index; not a copy. */
    float[][] second() {
        return second;
    }

    /** Steps taken. */
    long step() {
        return step;
    }

    /** Continues after {@code steps} steps; the moments must have been put back. */
    void resume(long steps) {
        step = steps;
    }

    /** One step with the sum of the tapes' gradients, added in the tapes' order. */
    void step(List<Tape> tapes, Workers workers) {
        step++;
        float stepSize = (float) (learningRate / (1 - Math.pow(BETA1, (double) step)));
        float vCorrection = (float) (1 / (1 - Math.pow(BETA2, (double) step)));
        for (Parameter table : tables) {
            for (Tape tape : tapes) {
                Arrays.fill(tape.gradient(table), 0, table.extent(1), 0f);
            }
        }
        workers.run(worker -> {
            int chunk = 0;
            for (Parameter parameter : parameters.all()) {
                for (int from = 0; from < parameter.size(); from += CHUNK) {
                    if (chunk++ % workers.count() == worker) {
                        update(parameter, from, Math.min(from + CHUNK, parameter.size()), tapes, stepSize, vCorrection);
                    }
                }
            }
        });
        workers.run(worker -> parameters.updated(worker, workers.count()));
    }

    private void update(Parameter parameter, int from, int to, List<Tape> tapes, float stepSize, float vCorrection) {
        float[] sum = tapes.getFirst().gradient(parameter);
        for (Tape tape : tapes.subList(1, tapes.size())) {
            float[] more = tape.gradient(parameter);
            KERNELS.axpy(to - from, 1f, more, from, sum, from);
            Arrays.fill(more, from, to, 0f);
        }
        int i = parameter.index();
        KERNELS.adam(
                from, to, parameter.value(), sum, first[i], second[i], stepSize, vCorrection, BETA1, BETA2, EPSILON);
        Arrays.fill(sum, from, to, 0f);
    }
}
