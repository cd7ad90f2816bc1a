package io.github.ttt4rec.train;

import io.github.ttt4rec.UserFacingException;

/** Training cannot continue: the loss or a weight is no finite number. */
public final class DivergedException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final String where;

    /**
     * @param where the place in training, such as {@code epoch 2, batch 3 of 9: the loss is NaN}
     * @param advice what to do
     */
    DivergedException(String where, String advice) {
        super("training diverged in " + where + ". " + advice);
        this.where = where;
    }

    /** The place in training, such as {@code epoch 2, batch 3 of 9: the loss is NaN}. */
    public String where() {
        return where;
    }
}
