package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Generalised binary cross-entropy of the target against n sampled items (Petrov and Macdonald 2023, gSASRec, arXiv
 * 2308.07192): {@code Σ_i −(log σ(s_i[target_i])^β + Σ_j log(1 − σ(s_i[j])))/(n + 1)} over the n draws j, of which those that
 * are the target do not count. β = 1 is binary cross-entropy, as SASRec has it with n = 1 (Kang and McAuley 2018; there
 * without the divisor).
 *
 * <p>Reads and writes the table's rows of targets and draws only.
 */
public final class SampledBinaryCrossEntropy {
    private static final Kernels KERNELS = Kernels.active();
    /** The score of a draw that does not count: its loss and slope are zero. */
    private static final float NONE = -1e30f;

    private SampledBinaryCrossEntropy() {}

    /**
     * The exponent of the target's probability (gSASRec), {@code β = α(t(1 − 1/α) + 1/α) = 1 − t(1 − α)}: 1 for t = 0; α for
     * t = 1, where σ(s) is calibrated as if all other items were negatives.
     *
     * @param t calibration in [0, 1]
     * @param rate α, the share of the other items that is drawn for a case; above 1 it counts as 1
     */
    public static float beta(double t, double rate) {
        return (float) (1 - t * (1 - Math.min(1, rate)));
    }

    /**
     * The sum of the losses; where the tape records, adds {@code weight} times the gradient to {@code hidden.grad()} and to
     * the gradients of the table and the bias at once.
     *
     * @param hidden {@code (rows, d)}
     * @param targets item index of each row
     * @param negatives draws for the rows; their probabilities are of no account
     * @param beta β
     * @param output table and bias
     * @param weight factor of the gradient
     */
    public static double apply(
            Tape tape,
            Tensor hidden,
            int[] targets,
            Negatives negatives,
            float beta,
            OutputLayer output,
            float weight) {
        int d = hidden.columns();
        int count = negatives.count();
        int most = Math.min(negatives.share(), hidden.rows()) * count;
        CandidateRows candidates = new CandidateRows(tape, output, count);
        float[] scores = tape.lend(most);
        float[] result = tape.lend(most);
        float each = weight / (count + 1);
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
                // −log σ(s) = log(1 + e^−s), written so that neither sign overflows.
                loss += beta * (Math.max(0, -score) + Math.log1p(Math.exp(-Math.abs(score))));
                if (tape.isRecording()) {
                    candidates.backwardOne(hidden, i, targets[i], (float) (-each * beta / (1 + Math.exp(score))));
                }
            }
            KERNELS.softplus(size, scores, result);
            for (int at = 0; at < size; at++) {
                loss += result[at];
            }
            if (tape.isRecording()) {
                KERNELS.sigmoid(size, each, scores, result);
                candidates.backward(to - from, hidden, from, result);
            }
        }
        return loss / (count + 1);
    }
}
