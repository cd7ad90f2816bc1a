package io.github.ttt4rec.benchmarks.replay;

/**
 * A method's figures in a week of the replay.
 *
 * @param events events ranked
 * @param ndcg NDCG@10
 * @param halfWidth half of its 95 % interval, with users as the independent units
 * @param newItemEvents ranked events of items that no event of the first training has
 * @param newItemHits their HR@10
 */
record Week(int events, double ndcg, double halfWidth, int newItemEvents, double newItemHits) {}
