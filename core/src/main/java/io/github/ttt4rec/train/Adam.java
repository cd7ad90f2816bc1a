package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.kernels.AdamStep;
import io.github.ttt4rec.kernels.Kernels;
import java.util.Arrays;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015; β₁ 0.9, β₂ 0.999, ε 1e-8) over the sum of the workers' gradients, which it clears. Updates
 * are dense for every parameter, including the item embedding, because with cross-entropy over the catalogue every item
 * has a gradient at every step. An item without a gradient (with sampled losses) still moves by its decaying moments,
 * as in the published code. The padding row, row 0 of an item table, is never trained.
 *
 * <p>Lazy updates, on request, read and write only the rows of the item tables that {@link #touch} names. When a row
 * next has a gradient, its moments first decay by β^k for the k steps it missed, in closed form, so that they and the
 * bias corrections equal Adam's for the same gradients. Lazy updates omit the moves that Adam's momentum would have
 * made in the missed steps.
 */
final class Adam {
    private static final Kernels KERNELS = Kernels.active();
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    /** The number of elements of a parameter that one worker updates at a time: 64 KB of each array. */
    private static final int CHUNK = 1 << 14;

    private final ParameterSet parameters;
    private final double learningRate;
    private final List<Parameter> tables;
    private final float[][] first;
    private final float[][] second;
    private final List<LazyRows> lazy;
    private long step;

    /** An optimiser that updates all parameters densely. */
    Adam(ParameterSet parameters, double learningRate, List<Parameter> tables) {
        this(parameters, learningRate, tables, List.of());
    }

    /**
     * An optimiser that has taken no step.
     *
     * @param tables the item tables, whose row 0 is not trained
     * @param lazy the tables that are updated lazily
     */
    Adam(ParameterSet parameters, double learningRate, List<Parameter> tables, List<LazyRows> lazy) {
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.tables = tables;
        this.lazy = lazy;
        first = parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new);
        second = parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new);
    }

    /** The first moments by parameter index; not a copy. */
    float[][] first() {
        return first;
    }

    /** The second moments by parameter index; not a copy. */
    float[][] second() {
        return second;
    }

    /** The number of steps taken. */
    long step() {
        return step;
    }

    /** Continues after {@code steps} steps. The moments must have been restored before. */
    void resume(long steps) {
        step = steps;
    }

    /** The tables that are updated lazily. */
    List<LazyRows> lazy() {
        return lazy;
    }

    /**
     * Marks rows of an item table in which a worker's tape may have a gradient. Must be called for every such row of a
     * lazily updated table; a no-op for other tables. Call it from the worker's own thread.
     *
     * @param rows the rows, which may repeat; only the first {@code count} entries are used
     */
    void touch(int worker, Parameter table, int[] rows, int count) {
        for (LazyRows lazyRows : lazy) {
            if (lazyRows.table() == table) {
                lazyRows.touch(worker, rows, count);
            }
        }
    }

    /** Updates the packed forms of lazily updated tables, which steps leave stale. Must be called before scoring. */
    void flush(Parallel workers) throws InterruptedException {
        if (!lazy.isEmpty()) {
            workers.run(worker -> parameters.updated(worker, workers.workers()));
        }
    }

    /** Takes a step with the sum of the tapes' gradients, added in the order of the tapes. */
    void step(List<Tape> tapes, Parallel workers) throws InterruptedException {
        step++;
        AdamStep constants = new AdamStep(
                (float) (learningRate / (1 - Math.pow(BETA1, (double) step))),
                (float) (1 / (1 - Math.pow(BETA2, (double) step))),
                BETA1,
                BETA2,
                EPSILON);
        for (Parameter table : tables) {
            for (Tape tape : tapes) {
                Arrays.fill(tape.gradient(table), 0, table.extent(1), 0f);
            }
        }
        List<Parameter> lazyTables = lazy.stream().map(LazyRows::table).toList();
        List<int[]> touched = lazy.stream().map(LazyRows::take).toList();
        workers.run(worker -> {
            for (int i = 0; i < lazyTables.size(); i++) {
                int[] rows = touched.get(i);
                int first = (int) ((long) rows.length * worker / workers.workers());
                int last = (int) ((long) rows.length * (worker + 1) / workers.workers());
                updateRows(lazy.get(i), Arrays.copyOfRange(rows, first, last), tapes, constants);
            }
            int chunk = 0;
            for (Parameter parameter : parameters.all()) {
                if (lazyTables.contains(parameter)) {
                    continue;
                }
                for (int from = 0; from < parameter.size(); from += CHUNK) {
                    if (chunk++ % workers.workers() == worker) {
                        update(parameter, from, Math.min(from + CHUNK, parameter.size()), tapes, constants);
                    }
                }
            }
        });
        workers.run(worker -> parameters.updated(worker, workers.workers(), lazyTables));
    }

    private void updateRows(LazyRows lazyRows, int[] rows, List<Tape> tapes, AdamStep constants) {
        Parameter table = lazyRows.table();
        int d = table.extent(1);
        int[] lastUpdate = lazyRows.lastUpdate();
        for (int row : rows) {
            long missed = step - 1 - lastUpdate[row];
            if (missed > 0 && lastUpdate[row] > 0) {
                float[] m = first[table.index()];
                float[] v = second[table.index()];
                KERNELS.scale(d, (float) Math.pow(BETA1, (double) missed), m, row * d, m, row * d);
                KERNELS.scale(d, (float) Math.pow(BETA2, (double) missed), v, row * d, v, row * d);
            }
            update(table, row * d, (row + 1) * d, tapes, constants);
            lastUpdate[row] = Math.toIntExact(step);
        }
    }

    private void update(Parameter parameter, int from, int to, List<Tape> tapes, AdamStep constants) {
        float[] sum = tapes.getFirst().gradient(parameter);
        for (Tape tape : tapes.subList(1, tapes.size())) {
            float[] more = tape.gradient(parameter);
            KERNELS.axpy(to - from, 1f, more, from, sum, from);
            Arrays.fill(more, from, to, 0f);
        }
        int i = parameter.index();
        KERNELS.adam(from, to, parameter.value(), sum, first[i], second[i], constants);
        Arrays.fill(sum, from, to, 0f);
    }
}
