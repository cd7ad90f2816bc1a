package io.github.ttt4rec.recommend;

/** Whatever can score the whole catalogue after a history: a trained network, a neighbourhood method, a popularity count. */
public interface Recommender {
    /** The number of items V; scores are for item indices {@code 1..V}. */
    int itemCount();

    /** A scorer for one thread, with buffers of its own. */
    Scorer newScorer();

    /** Scores cases on one thread. */
    interface Scorer {
        /**
         * Scores every item for every case.
         *
         * @param block the cases
         * @param scores out, row-major {@code (block.size(), V + 1)}: column v holds item v's score; column 0 is undefined
         */
        void score(CaseBlock block, float[] scores);

        /** Scores the same for every case: entry v is item v's, entry 0 is any. */
        static Scorer same(float[] ofItems) {
            return (block, scores) -> {
                for (int i = 0; i < block.size(); i++) {
                    System.arraycopy(ofItems, 0, scores, i * ofItems.length, ofItems.length);
                }
            };
        }
    }
}
