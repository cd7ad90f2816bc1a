package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;

/**
 * The settings of a hybrid model: a TTT network and the terms that are added to its logits. Each term can be switched
 * off.
 *
 * @param network the network
 * @param useRepeats whether logits depend on the user's earlier events on an item
 * @param useMemory whether tables of related items add to the logits
 * @param usePopularity whether popularity adds to the logits
 * @param useTimes whether the times of events and of the request are used, if the log has times
 * @param neighbours the number of related items kept per item and table
 * @param memoryEvents the number of last events of a history whose related items add to the logits
 * @param historyEvents the number of last events of a history in which earlier events on an item are found
 * @param visitGapMinutes the number of minutes between two events after which a new visit starts
 * @param freshDays the number of days in which the weight of an event in the fresh popularity decays by a factor e
 * @param fitCases the maximum number of validation cases on which the output weights are fitted
 * @param penalty the penalty of each weight w, whose {@code ½w²} is subtracted from the mean log-likelihood, for 4,000
 *     cases; for a smaller number n it is multiplied by {@code f = (4000/n)^1.5}. If the weight is multiplied by a gate
 *     other than the constant, it is also multiplied by {@code max(10, f)}
 * @param chooseTerms whether terms without which the fit is as good, by cross-validation, are left out, and tables
 *     with four times as many {@code neighbours} for five times as many {@code memoryEvents} are used if they are much
 *     better; otherwise all terms that are not switched off have a weight
 */
public record HybridConfig(
        TttConfig network,
        boolean useRepeats,
        boolean useMemory,
        boolean usePopularity,
        boolean useTimes,
        int neighbours,
        int memoryEvents,
        int historyEvents,
        double visitGapMinutes,
        double freshDays,
        int fitCases,
        double penalty,
        boolean chooseTerms)
        implements TwoStageConfig {
    private static final double MINUTE = 60e6;
    /** The default dropout, higher than the paper's 0.2 because of the validation figures in docs/beyond.md. */
    private static final double DROPOUT = 0.6;

    /** Checks the ranges. */
    public HybridConfig {
        Ranges.require(neighbours >= 1, "neighbours must be at least 1");
        Ranges.require(memoryEvents >= 1, "memory_events must be at least 1");
        Ranges.require(historyEvents >= memoryEvents, "history_events must be at least memory_events");
        Ranges.require(visitGapMinutes >= 0 && Double.isFinite(visitGapMinutes), "visit_gap_minutes must be 0 or more");
        Ranges.require(freshDays > 0 && Double.isFinite(freshDays), "fresh_days must be above 0");
        Ranges.require(fitCases >= 1, "fit_cases must be at least 1");
        Ranges.require(penalty > 0 && Double.isFinite(penalty), "penalty must be above 0");
    }

    /** The default model: a linear inner model with strong dropout, and all terms. */
    public static HybridConfig defaults() {
        return new HybridConfig(
                TttConfig.defaults().withLayer(InnerModelType.LINEAR).withDropout(DROPOUT),
                true,
                true,
                true,
                true,
                50,
                20,
                1000,
                30,
                14,
                4000,
                1e-4,
                true);
    }

    @Override
    public String type() {
        return "hybrid";
    }

    @Override
    public String describe() {
        StringBuilder parts = new StringBuilder();
        parts.append(useRepeats ? "repeats, " : "").append(useMemory ? "related items, " : "");
        parts.append(usePopularity ? "popularity, " : "").append(useTimes ? "times, " : "");
        return type() + ": " + parts + "on " + network.describe();
    }

    @Override
    public HybridConfig withNetwork(NetworkConfig other) {
        return new HybridConfig(
                (TttConfig) other,
                useRepeats,
                useMemory,
                usePopularity,
                useTimes,
                neighbours,
                memoryEvents,
                historyEvents,
                visitGapMinutes,
                freshDays,
                fitCases,
                penalty,
                chooseTerms);
    }

    /** These settings with another number of related items per item, and of events whose related items are used. */
    HybridConfig withReach(int relatedItems, int events) {
        return new HybridConfig(
                network,
                useRepeats,
                useMemory,
                usePopularity,
                useTimes,
                relatedItems,
                events,
                Math.max(historyEvents, events),
                visitGapMinutes,
                freshDays,
                fitCases,
                penalty,
                chooseTerms);
    }

    @Override
    public void check(Split split) {
        HybridFit.requireCases(split);
    }

    @Override
    public TwoStageRecommender fit(SequenceRecommender trained, Split split, long seed, Runnable checkpoint) {
        return HybridFit.of(trained, this, split, seed, checkpoint);
    }

    @Override
    public TwoStageRecommender load(SequenceRecommender trained, TensorFile file) {
        return HybridRecommender.load(this, trained, file);
    }

    /** The length of a gap between visits, in microseconds. */
    long visitGapMicros() {
        return (long) (visitGapMinutes * MINUTE);
    }
}
