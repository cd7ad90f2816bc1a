package io.github.ttt4rec.model;

/** The prediction task of a network. It determines the training cases and the input for scoring the next item. */
public sealed interface Objective {
    /** Every position predicts the item after it. The model is causal: a position depends on nothing after it. */
    Objective NEXT_ITEM = new NextItem();

    /** See {@link #NEXT_ITEM}. */
    record NextItem() implements Objective {}

    /**
     * The network restores masked items from the items on both sides (the Cloze task; Sun et al. 2019, BERT4Rec, arXiv
     * 1904.06690). It is bidirectional. To score the next item, the history is followed by the mask token, and the
     * vector at the mask's position is the query vector.
     *
     * @param maskToken the mask's row in the input table, beyond all items
     * @param maskRatio probability of masking an item
     * @param lastRatio share of the training sequences in which only the last item is masked, as in scoring
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
