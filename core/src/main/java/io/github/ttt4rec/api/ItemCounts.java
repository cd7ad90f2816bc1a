package io.github.ttt4rec.api;

/**
 * The number of events of each item of a model by index, {@code (V + 1)}; empty arrays for a model saved by a version
 * that did not store them. The arrays are not copied.
 *
 * @param popularity the events in training, or those that were counted since
 * @param training the events in training
 */
record ItemCounts(long[] popularity, long[] training) {
    /** Returns whether the item occurred in the training events; true if the counts are not known. */
    boolean isTrained(int item) {
        return training.length == 0 || training[item] > 0;
    }

    /** These counts with the popularity replaced. */
    ItemCounts counted(long[] events) {
        return new ItemCounts(events, training);
    }

    /** These counts with 0 for each new item. */
    ItemCounts extended(AddedItems added) {
        return new ItemCounts(added.popularity(popularity), added.popularity(training));
    }

    /** The popularity as scores. */
    float[] scores() {
        float[] scores = new float[popularity.length];
        for (int item = 1; item < scores.length; item++) {
            scores[item] = popularity[item];
        }
        return scores;
    }
}
