package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Softmax cross-entropy over the target and n sampled items: {@code Σ_i log Z_i − s_i[target_i]}, where s are the
 * output layer's scores and
 *
 * <pre>Z_i = exp(s_i[target_i]) + exp(s_i[0]) + Σ_j exp(s_i[j] − log(n·q_j))   over the n draws j other than the target.</pre>
 *
 * <p>The correction by log(n·q) (Bengio and Senecal 2008; Yi et al. 2019, the logQ correction) makes Z an unbiased
 * estimate of the sum in {@link CatalogueCrossEntropy} for any q without zeros, because each other item is expected n·q
 * times among the draws. The target and padding, which are part of that sum too, are always included and need no
 * correction. The loss and its gradient approach those of the full sum as n grows.
 *
 * <p>Reads and writes only the table rows of targets and draws.
 */
public final class SampledCrossEntropy {
    private static final Kernels KERNELS = Kernels.active();
    /** The logit of an ignored draw: its exponential is zero, and no arithmetic with it overflows. */
    private static final float NONE = -1e30f;

    private SampledCrossEntropy() {}

    /**
     * Returns the weighted sum of the losses. If the tape records, also adds its gradient, times the scale, to
     * {@code hidden.grad()} and to the gradients of the table and the bias, immediately.
     *
     * @param hidden {@code (rows, d)}
     * @param targets the target item of each row
     * @param negatives the draws for the rows
     * @param output the table and the bias
     * @param weights the factors of the rows
     */
    public static double apply(
            Tape tape, Tensor hidden, int[] targets, Negatives negatives, OutputLayer output, LossWeights weights) {
        int d = hidden.columns();
        int count = negatives.count() + 1;
        CandidateRows candidates = new CandidateRows(tape, output, count);
        candidates.set(0, 0);
        float[] logits = tape.lend(Math.min(negatives.share(), hidden.rows()) * count);
        double loss = 0;
        int to;
        for (int from = 0; from < hidden.rows(); from = to) {
            to = Math.min(hidden.rows(), negatives.end(from));
            int start = negatives.start(from);
            candidates.setFrom(1, negatives.items(), start);
            candidates.score(to - from, hidden, from, logits);
            for (int i = from; i < to; i++) {
                int row = (i - from) * count;
                correct(logits, row, targets[i], negatives, start);
                float targetLogit = output.score(hidden.data(), i * d, targets[i]);
                float max = Math.max(targetLogit, KERNELS.max(count, logits, row));
                double others = KERNELS.expAndSum(count, logits, row, max);
                double sum = others + Math.exp((double) targetLogit - max);
                loss += weights.ofLoss(i) * (Math.log(sum) + max - targetLogit);
                if (tape.isRecording()) {
                    float weight = weights.ofGradient(i);
                    KERNELS.scale(count, (float) (weight / sum), logits, row, logits, row);
                    // Probability − 1, without cancellation.
                    candidates.backwardOne(hidden, i, targets[i], (float) (-weight * others / sum));
                }
            }
            if (tape.isRecording()) {
                candidates.backward(to - from, hidden, from, logits);
            }
        }
        return loss;
    }

    /** The same with the factor {@code weight} of every row's gradient. */
    public static double apply(
            Tape tape, Tensor hidden, int[] targets, Negatives negatives, OutputLayer output, float weight) {
        return apply(tape, hidden, targets, negatives, output, LossWeights.equal(weight));
    }

    private static void correct(float[] logits, int row, int target, Negatives negatives, int start) {
        for (int j = 0; j < negatives.count(); j++) {
            logits[row + 1 + j] = negatives.items()[start + j] == target
                    ? NONE
                    : logits[row + 1 + j] - negatives.logExpected()[start + j];
        }
    }
}
