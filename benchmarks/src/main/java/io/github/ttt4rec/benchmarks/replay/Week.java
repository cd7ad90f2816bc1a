package io.github.ttt4rec.benchmarks.replay;

/**
 * A method's figures in a week of the replay.
 *
 * @param events events ranked
 * @param ndcg NDCG@10
 * @param halfWidth half of its 95 % interval, with users as the independent units; NaN if it has none, as with one user
 * @param newItemEvents ranked events of items that no event of the first training has
 * @param newItemHits their HR@10
 * @param firstDay the events of items whose first event came less than a day before
 */
record Week(int events, double ndcg, double halfWidth, int newItemEvents, double newItemHits, FirstDay firstDay) {
    /**
     * Figures of items on their first day.
     *
     * @param events events ranked
     * @param known the share of events whose item the model knew
     * @param hits their HR@10
     * @param medianRank the median rank; 0 if half of the items were not known, or there are no events
     */
    record FirstDay(int events, double known, double hits, int medianRank) {}
}
