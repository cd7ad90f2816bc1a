package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.QualityLog;

/**
 * The quality of the lists as the stored events show it.
 *
 * @param log the ranks of the last sampled events
 * @param rate the share of events that are sampled
 * @param waiting sampled events that are still to be ranked
 * @param skipped sampled events that were not ranked
 * @param dropped whether the last events are ranked worse than those before by more than chance
 */
public record QualityView(QualityLog log, double rate, int waiting, long skipped, boolean dropped) {}
