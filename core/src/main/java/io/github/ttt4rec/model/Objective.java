package io.github.ttt4rec.model;

/** What a model learns to predict; it decides what it is trained on, and what it reads to score the next item. */
public sealed interface Objective {
    /** Every position predicts the item after it. The model is causal: a position depends on nothing after it. */
    Objective NEXT_ITEM = new NextItem();

    /** See {@link #NEXT_ITEM}. */
    record NextItem() implements Objective {}

    /**
     * Masked items are to be restored from those on both sides (the Cloze task; Sun et al. 2019, BERT4Rec, arXiv
     * 1904.06690). The model is bidirectional; to score the next item, the mask token is put after the history, and the
     * vector at its position counts.
     *
     * @param maskToken the mask's row in the input table, beyond all items
     * @param maskRatio probability of masking an item
     * @param lastRatio share of the training sequences of which the last item alone is masked, as when scoring
     */
    record MaskedItem(int maskToken, double maskRatio, double lastRatio) implements Objective {
        /** Checks the ranges. */
        public MaskedItem {
            if (!(maskRatio > 0 && maskRatio < 1)) {
                throw new IllegalArgumentException("mask_ratio must be above 0 and below 1");
            }
            if (!(lastRatio >= 0 && lastRatio <= 1)) {
                throw new IllegalArgumentException("last_ratio must be in [0, 1]");
            }
        }
    }
}
