package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Generalised binary cross-entropy of the target against n sampled items (Petrov and Macdonald 2023, gSASRec, arXiv
 * 2308.07192): {@code Σ_i −(log σ(s_i[target_i])^β + Σ_j log(1 − σ(s_i[j])))/(n + 1)} over the n draws j, without those
 * that equal the target. β = 1 is binary cross-entropy, which SASRec uses with n = 1 (Kang and McAuley 2018; without
 * the divisor).
 *
 * <p>Reads and writes only the table rows of targets and draws.
 */
public final class SampledBinaryCrossEntropy {
    private static final Kernels KERNELS = Kernels.active();
    /** The score of an ignored draw, for which loss and derivative are zero. */
    private static final float NONE = -1e30f;

    private SampledBinaryCrossEntropy() {}

    /**
     * The exponent of the target's probability (gSASRec), {@code β = α(t(1 − 1/α) + 1/α) = 1 − t(1 − α)}: β is 1 for t
     * = 0, and α for t = 1, which calibrates σ(s) as if all other items were negatives.
     *
     * @param t the calibration in [0, 1]
     * @param rate α, the share of the other items that is drawn per case; values above 1 are treated as 1
     */
    public static float beta(double t, double rate) {
        return (float) (1 - t * (1 - Math.min(1, rate)));
    }

    /** The same with the factor {@code weight} of every row's gradient. */
    public static double apply(
            Tape tape,
            Tensor hidden,
            int[] targets,
            Negatives negatives,
            float beta,
            OutputLayer output,
            float weight) {
        return apply(tape, hidden, targets, negatives, beta, output, LossWeights.equal(weight));
    }

    /**
     * Returns the weighted sum of the losses. If the tape records, also adds its gradient, times the scale, to
     * {@code hidden.grad()} and to the gradients of the table and the bias, immediately.
     *
     * @param hidden {@code (rows, d)}
     * @param targets the target item of each row
     * @param negatives the draws for the rows; their probabilities are not used
     * @param beta β
     * @param output the table and the bias
     * @param weights the factors of the rows
     */
    public static double apply(
            Tape tape,
            Tensor hidden,
            int[] targets,
            Negatives negatives,
            float beta,
            OutputLayer output,
            LossWeights weights) {
        int d = hidden.columns();
        int count = negatives.count();
        int most = Math.min(negatives.share(), hidden.rows()) * count;
        CandidateRows candidates = new CandidateRows(tape, output, count);
        float[] scores = tape.lend(most);
        float[] result = tape.lend(most);
        float each = weights.scale() / (count + 1);
        double loss = 0;
        int to;
        for (int from = 0; from < hidden.rows(); from = to) {
            to = Math.min(hidden.rows(), negatives.end(from));
            int size = (to - from) * count;
            candidates.setFrom(0, negatives.items(), negatives.start(from));
            candidates.score(to - from, hidden, from, scores);
            for (int i = from; i < to; i++) {
                for (int c = 0; c < count; c++) {
                    int at = (i - from) * count + c;
                    scores[at] = candidates.item(c) == targets[i] ? NONE : scores[at];
                }
                double score = output.score(hidden.data(), i * d, targets[i]);
                // −log σ(s) = log(1 + e^−s), in a form that does not overflow for either sign.
                loss += weights.ofLoss(i) * beta * (Math.max(0, -score) + Math.log1p(Math.exp(-Math.abs(score))));
                if (tape.isRecording()) {
                    candidates.backwardOne(
                            hidden, i, targets[i], (float) (-each * weights.ofLoss(i) * beta / (1 + Math.exp(score))));
                }
            }
            KERNELS.softplus(size, scores, result);
            for (int at = 0; at < size; at++) {
                loss += weights.ofLoss(from + at / count) * result[at];
            }
            if (tape.isRecording()) {
                KERNELS.sigmoid(size, each, scores, result);
                for (int i = from; i < to && weights.rows().length > 0; i++) {
                    int row = (i - from) * count;
                    KERNELS.scale(count, weights.ofLoss(i), result, row, result, row);
                }
                candidates.backward(to - from, hidden, from, result);
            }
        }
        return loss / (count + 1);
    }
}
