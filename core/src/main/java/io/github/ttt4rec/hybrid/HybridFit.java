package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.SequenceRecommender;
import java.util.List;

/**
 * The second stage of training, after that of the network: counts the tables on the training part, and fits the output
 * weights on validation cases. Neither the tables nor the network have seen these cases, so the weights reflect how
 * well both predict new cases. If many histories are long, tables with a longer reach are tried too, and used if they
 * predict these cases much better, because a list then takes longer. The same network, split and seed give a bit-identical result.
 */
final class HybridFit {
    /** The minimum number of validation cases for a fit. */
    private static final int MIN_CASES = 20;
    /** With fewer cases than this, the penalty increases. */
    private static final int MANY_CASES = 4000;

    private static final double PENALTY_GROWTH = 1.5;
    /** The minimum ratio of the penalties of weights by gates and of other weights. */
    private static final double GATED = 10;

    /** The factors of the settings with a longer reach. */
    private static final int MORE_NEIGHBOURS = 4;

    private static final int MORE_EVENTS = 5;
    /** A longer reach is tried if at least one case in this number has more events than the shorter one reads. */
    private static final int LONG_CASES = 4;

    private HybridFit() {}

    /**
     * The parts of a fit with some settings.
     *
     * @param config the settings
     * @param tables the tables by these settings
     * @param cases the cases, with features from these tables
     * @param choice chooses among the terms of the cases
     */
    private record Prepared(HybridConfig config, ItemTables tables, List<FitCase> cases, TermChoice choice) {
        static Prepared of(
                CaseBlock sample,
                SequenceRecommender network,
                HybridConfig config,
                Split split,
                long seed,
                Runnable checkpoint) {
            ItemTables tables = ItemTables.count(TrainingEvents.of(split), config);
            List<FitCase> cases = new FitCases(config, tables).of(sample, network, seed, checkpoint);
            return new Prepared(config, tables, cases, new TermChoice(cases, sample.users()));
        }

        double penalty(OutputWeights.Term term) {
            return HybridFit.penalty(config, cases.size(), term);
        }

        TermChoice.Choice fit(boolean times, Runnable checkpoint) {
            return choice.fit(config.chooseTerms(), OutputWeights.terms(config, times), this::penalty, checkpoint);
        }

        HybridRecommender recommender(SequenceRecommender network, TermChoice.Choice fitted) {
            return new HybridRecommender(
                    config, network, tables, fitted.weights().within(GateRange.of(cases)));
        }
    }

    /**
     * Fits the recommender.
     *
     * @param network the trained network
     * @param seed the seed for drawing cases and candidates
     * @param checkpoint called every few milliseconds; it may throw to end the fit
     * @throws UserFacingException if the split has too few validation cases
     */
    static HybridRecommender of(
            SequenceRecommender network, HybridConfig config, Split split, long seed, Runnable checkpoint) {
        requireCases(split);
        CaseBlock sample = FitCases.sample(split, config.fitCases(), seed);
        Prepared usual = Prepared.of(sample, network, config, split, seed, checkpoint);
        boolean times = split.data().hasTimes() && config.useTimes();
        TermChoice.Choice fitted = usual.fit(times, checkpoint);
        if (isReachShort(config, sample)) {
            HybridConfig longer =
                    config.withReach(MORE_NEIGHBOURS * config.neighbours(), MORE_EVENTS * config.memoryEvents());
            Prepared further = Prepared.of(sample, network, longer, split, seed, checkpoint);
            if (further.choice.like(fitted, further::penalty, checkpoint).isMuchBetter(fitted)) {
                return further.recommender(network, further.fit(times, checkpoint));
            }
        }
        return usual.recommender(network, fitted);
    }

    /** Returns whether the fit may choose a longer reach, and many cases have more events than the tables are used for. */
    private static boolean isReachShort(HybridConfig config, CaseBlock sample) {
        int longer = 0;
        for (int position : sample.positions()) {
            longer += position > config.memoryEvents() ? 1 : 0;
        }
        return config.chooseTerms() && config.useMemory() && LONG_CASES * longer >= sample.size();
    }

    /**
     * The penalty of a weight: that of the configuration if there are at least {@value #MANY_CASES} cases, and a larger
     * one for fewer cases, which are noisier. For weights that a gate multiplies it is at least {@value #GATED} times as
     * large and grows twice as fast. There are many of them, and they are extrapolated, for example to histories longer
     * than any in the fit. docs/beyond.md has the measurements.
     */
    static double penalty(HybridConfig config, int cases, OutputWeights.Term term) {
        double factor = Math.pow(Math.max(1, (double) MANY_CASES / cases), PENALTY_GROWTH);
        return config.penalty() * factor * (term.gate() == Gate.ONE ? 1 : Math.max(GATED, factor));
    }

    /**
     * Checks, before the network is trained, that there are cases to fit on.
     *
     * @throws UserFacingException if the split has too few validation cases
     */
    static void requireCases(Split split) {
        long cases = split.cases(Part.VALIDATION);
        if (cases < MIN_CASES) {
            throw new UserFacingException("the split " + split.protocol() + " leaves " + cases
                    + " validation cases, but a hybrid model fits its output weights on at least " + MIN_CASES
                    + "; choose another split, such as 8:1:1, use more data, or set type=ttt4rec");
        }
    }
}
