package io.github.ttt4rec.autograd;

/**
 * The factors of the losses of a batch's rows.
 *
 * @param scale the factor of every gradient, such as 1/n for a mean over n rows; losses are returned without it
 * @param rows a factor of each row's loss and gradient; empty if all are 1
 */
public record LossWeights(float scale, float[] rows) {
    private static final float[] EQUAL = {};

    /** The same factor for all rows. */
    public static LossWeights equal(float scale) {
        return new LossWeights(scale, EQUAL);
    }

    /** The factor of a row's loss. */
    float ofLoss(int row) {
        return rows.length == 0 ? 1f : rows[row];
    }

    /** The factor of a row's gradient. */
    float ofGradient(int row) {
        return rows.length == 0 ? scale : scale * rows[row];
    }
}
