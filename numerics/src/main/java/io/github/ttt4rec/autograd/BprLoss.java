package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Bayesian personalised ranking (Rendle et al. 2009): {@code Σ_i −log σ(h_i·E[target_i] − h_i·E[negative_i])}. */
public final class BprLoss {
    private static final Kernels KERNELS = Kernels.active();

    private BprLoss() {}

    /** The same with a table and no bias. */
    public static double apply(
            Tape tape, Tensor hidden, int[] targets, int[] negatives, Parameter table, float weight) {
        return apply(tape, hidden, targets, negatives, OutputLayer.of(table), weight);
    }

    /** The same with the factor {@code weight} of every row's gradient. */
    public static double apply(
            Tape tape, Tensor hidden, int[] targets, int[] negatives, OutputLayer output, float weight) {
        return apply(tape, hidden, targets, negatives, output, LossWeights.equal(weight));
    }

    /**
     * Returns the weighted sum of the losses. If the tape records, also adds its gradient, times the scale, to
     * {@code hidden.grad()} and to the gradients of the table and the bias, immediately.
     *
     * @param hidden {@code (n, d)}
     * @param targets the target item of each row
     * @param negatives a sampled item for each row, other than its target
     * @param output the table and the bias
     * @param weights the factors of the rows
     */
    public static double apply(
            Tape tape, Tensor hidden, int[] targets, int[] negatives, OutputLayer output, LossWeights weights) {
        Parameter table = output.table();
        Parameter bias = output.bias();
        int d = table.extent(1);
        double loss = 0;
        for (int i = 0; i < hidden.rows(); i++) {
            int h = i * d;
            int positive = targets[i] * d;
            int negative = negatives[i] * d;
            double margin = output.score(hidden.data(), h, targets[i]) - output.score(hidden.data(), h, negatives[i]);
            // −log σ(m) = log(1 + e^−m), in a form that does not overflow for either sign.
            loss += weights.ofLoss(i) * (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin))));
            if (tape.isRecording()) {
                float slope = (float) (-weights.ofGradient(i) / (1 + Math.exp(margin)));
                float[] dTable = tape.gradient(table);
                KERNELS.axpy(d, slope, table.value(), positive, hidden.grad(), h);
                KERNELS.axpy(d, -slope, table.value(), negative, hidden.grad(), h);
                KERNELS.axpy(d, slope, hidden.data(), h, dTable, positive);
                KERNELS.axpy(d, -slope, hidden.data(), h, dTable, negative);
                if (bias != null) {
                    float[] dBias = tape.gradient(bias);
                    dBias[targets[i]] += slope;
                    dBias[negatives[i]] -= slope;
                }
            }
        }
        return loss;
    }
}
