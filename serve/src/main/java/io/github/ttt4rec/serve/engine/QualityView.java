package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.QualityLog;

/**
 * The quality of the lists, measured on stored events.
 *
 * @param log the ranks of the last sampled events
 * @param rate the share of events in the sample
 * @param waiting the number of sampled events still to rank
 * @param skipped the number of sampled events that were not ranked
 * @param dropped whether the last events are ranked significantly worse than those before
 */
public record QualityView(QualityLog log, double rate, int waiting, long skipped, boolean dropped) {}
