package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.internal.Parallel;

/**
 * An average of the weights at {@value #POINTS} points of each epoch, in which the n-th point counts in proportion to
 * about {@code n^γ} (polynomial-decay averaging, Shamir and Zhang 2013). Most of the weight so lies on the last
 * 1/(γ + 1) of the run, however long it is. Points instead of all steps keep the cost low in large catalogues.
 */
final class WeightAverage {
    /** The number of points in each epoch with at least as many batches; otherwise each batch is one. */
    static final int POINTS = 16;

    private final ParameterSet parameters;
    private final double exponent;
    private final float[][] values;
    private long points;

    /** An average of no points. */
    WeightAverage(ParameterSet parameters, double exponent) {
        this.parameters = parameters;
        this.exponent = exponent;
        values = parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new);
    }

    /** Returns whether a point lies after batch {@code batch}, from 1, of the epoch's {@code batches}. */
    static boolean isPoint(int batch, int batches) {
        return (long) batch * POINTS / batches > (batch - 1L) * POINTS / batches;
    }

    /** The values by parameter index; not a copy. */
    float[][] values() {
        return values;
    }

    /** The number of points averaged. */
    long points() {
        return points;
    }

    /** Continues after {@code count} points. The values must have been restored before. */
    void resume(long count) {
        points = count;
    }

    /** Adds the current weights. */
    void add(Parallel workers) throws InterruptedException {
        points++;
        // 1 for the first point.
        float share = (float) ((exponent + 1) / (points + exponent));
        workers.run(worker -> {
            for (Parameter parameter : parameters.all()) {
                float[] average = values[parameter.index()];
                float[] current = parameter.value();
                int from = (int) ((long) average.length * worker / workers.workers());
                int to = (int) ((long) average.length * (worker + 1) / workers.workers());
                for (int i = from; i < to; i++) {
                    average[i] += share * (current[i] - average[i]);
                }
            }
        });
    }

    /** Exchanges the model's weights and the average. */
    void swap(Parallel workers) throws InterruptedException {
        for (Parameter parameter : parameters.all()) {
            float[] average = values[parameter.index()];
            float[] current = parameter.value();
            for (int i = 0; i < average.length; i++) {
                float value = average[i];
                average[i] = current[i];
                current[i] = value;
            }
        }
        workers.run(worker -> parameters.updated(worker, workers.workers()));
    }
}
