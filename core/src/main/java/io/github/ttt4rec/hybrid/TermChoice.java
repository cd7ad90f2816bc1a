package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Chooses the terms of an output layer by cross-validation. If a log has only a simple pattern, such as popularity, the
 * weights of further terms are noise, which costs more than the terms can gain.
 *
 * <p>The choice is the smallest {@link TermSet} whose loss against the best one is at most one standard error (Breiman et
 * al. 1984), in the log-likelihood and in the NDCG@10 alike. The former notices small gains, the latter is the goal. If
 * no set meets both conditions, the one that is nearest to meeting them is chosen.
 */
final class TermChoice {
    private static final int FOLDS = 20;
    private static final int TOP = 10;
    /**
     * The last step of a fit that is compared with others improves the objective by less than this. Such a fit is
     * coarse, but the step to the weights without a fold brings these near their optimum.
     */
    private static final double COARSE = 1e-3;

    /** The number of candidates of a case on which {@link #refined} concentrates. */
    private static final int HEAD = 50;
    /** The number of standard errors for a second fit, which costs nothing. */
    private static final double SLIGHTLY = 0.5;
    /** The number of standard errors for tables with a longer reach, which cost time. */
    private static final double CLEARLY = 2;

    /** The weights of a plain Markov chain: each decides only if those before it, in this order, do not. */
    private static final Map<Term, Float> CHAIN = Map.of(
            new Term(ItemFeature.FOLLOWS, Gate.ONE), 1f,
            new Term(ItemFeature.SUCCESSION, Gate.ONE), 1f,
            new Term(ItemFeature.POPULARITY, Gate.ONE), 1e-3f,
            new Term(ItemFeature.NETWORK, Gate.ONE), 1e-5f);

    private final List<FitCase> cases;
    /** For each case, the number of the unit that it belongs to. Units are independent of each other. */
    private final int[] units;

    /**
     * Prepares a choice.
     *
     * @param users the user of each case; the cases of a user are consecutive
     */
    TermChoice(List<FitCase> cases, int[] users) {
        this.cases = cases;
        units = units(users);
    }

    /** Numbers the users, and divides users with many cases, so that a log of a few users has several units too. */
    private static int[] units(int[] users) {
        int most = Math.max(1, users.length / FOLDS);
        int[] units = new int[users.length];
        int size = 1;
        for (int i = 1; i < users.length; i++) {
            boolean next = users[i] != users[i - 1] || size == most;
            units[i] = units[i - 1] + (next ? 1 : 0);
            size = next ? 1 : size + 1;
        }
        return units;
    }

    /**
     * A fit with some terms.
     *
     * @param fit the fit
     * @param weights its coarse result
     * @param scores those of the cases, each by a fit without the cases of its fold
     */
    private record Candidate(OutputFit fit, OutputWeights weights, Scores scores) {}

    /**
     * How well some weights predict the cases.
     *
     * @param logLikelihoods the log-likelihood of each case
     * @param gains the NDCG@10 of each case
     * @param unseenGains the same in protocol unseen; 0 if the target is in the history
     */
    private record Scores(double[] logLikelihoods, double[] gains, double[] unseenGains) {
        static Scores of(int cases) {
            return new Scores(new double[cases], new double[cases], new double[cases]);
        }
    }

    /**
     * A result.
     *
     * @param terms the chosen terms
     * @param weights their weights; the others are 0
     * @param scores those of the cases, each by a fit without the cases of its fold; empty if nothing was chosen
     * @param units the unit of each case
     */
    record Choice(List<Term> terms, OutputWeights weights, Scores scores, int[] units) {
        /**
         * Returns whether this is more than {@value #CLEARLY} standard errors better than another result for the same cases,
         * in the log-likelihood and in NDCG@10 alike.
         */
        boolean isMuchBetter(Choice other) {
            return exceeds(scores.logLikelihoods, other.scores.logLikelihoods, CLEARLY, units)
                    && exceeds(scores.gains, other.scores.gains, CLEARLY, units);
        }
    }

    /**
     * Fits the weights.
     *
     * @param choose whether terms may be left out
     * @param terms all terms
     */
    Choice fit(boolean choose, List<Term> terms, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
        return choose
                ? choose(terms, penalty, checkpoint)
                : new Choice(terms, fitOf(terms, penalty).fit(checkpoint), Scores.of(0), units);
    }

    /** A coarse fit with the terms and near the weights of another one, for a comparison with that. */
    Choice like(Choice other, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
        Candidate candidate = candidate(fitOf(other.terms, penalty), other.weights, checkpoint);
        return new Choice(other.terms, candidate.weights, candidate.scores, units);
    }

    private OutputFit fitOf(List<Term> terms, ToDoubleFunction<Term> penalty) {
        return new OutputFit(cases, terms, terms.stream().mapToDouble(penalty).toArray());
    }

    private Choice choose(List<Term> terms, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
        List<Candidate> candidates = new ArrayList<>();
        int fitted = 0;
        OutputWeights start = OutputWeights.network();
        for (TermSet set : TermSet.values()) {
            List<Term> some = terms.stream().filter(set::contains).toList();
            if (some.size() > fitted) {
                fitted = some.size();
                Candidate candidate = candidate(fitOf(some, penalty), start, checkpoint);
                start = startOf(candidate.weights);
                candidates.add(candidate);
            }
        }
        Candidate chosen = chosen(candidates);
        OutputWeights weights = chosen.fit.fit(chosen.weights, OutputFit.ENOUGH, checkpoint);
        return orChain(refined(chosen.fit, weights, penalty, checkpoint), terms);
    }

    /**
     * Replaces a result with direct successions by a plain Markov chain unless its NDCG@10 is more than a standard error
     * higher in one of the protocols. The weights of the
     * chain are not fitted, so they have no noise: direct successors come first, by frequency, and then by popularity.
     */
    private Choice orChain(Choice fitted, List<Term> terms) {
        if (!fitted.terms.contains(new Term(ItemFeature.SUCCESSION, Gate.ONE))) {
            return fitted;
        }
        List<Term> some = terms.stream().filter(CHAIN::containsKey).toList();
        float[] values = new float[OutputWeights.FEATURES * OutputWeights.GATES];
        some.forEach(term -> values[term.index()] = CHAIN.getOrDefault(term, 0f));
        OutputWeights chain = new OutputWeights(values, GateRange.UNLIMITED);
        Scores scores = scores(Collections.nCopies(FOLDS, chain));
        return isNear(scores.gains, fitted.scores.gains) && isNear(scores.unseenGains, fitted.scores.unseenGains)
                ? new Choice(some, chain, scores, units)
                : fitted;
    }

    /**
     * Fits the weights again, near those of the first fit, to the order of the {@value #HEAD} best candidates of each
     * case that has its target among them. The first fit may rank these worse to rank others better, because no weights
     * give every item its true probability. The first weights remain unless the cross-validated NDCG@10 of the second
     * ones is more than half a standard error higher, and no lower in protocol unseen.
     */
    private Choice refined(
            OutputFit first, OutputWeights weights, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
        List<FitCase> best = new ArrayList<>();
        List<Integer> folds = new ArrayList<>();
        for (int i = 0; i < units.length; i++) {
            int fold = units[i] % FOLDS;
            FitCase whole = cases.get(i);
            Stream.of(Optional.of(whole), whole.unseen())
                    .flatMap(Optional::stream)
                    .flatMap(one -> one.best(weights, HEAD).stream())
                    .forEach(one -> {
                        best.add(one);
                        folds.add(fold);
                    });
        }
        List<Term> terms = first.terms();
        OutputFit second =
                new OutputFit(best, terms, terms.stream().mapToDouble(penalty).toArray(), weights);
        OutputWeights again = second.fit(checkpoint);
        List<OutputWeights> without = first.withoutEachFold(weights, folds(), FOLDS, checkpoint);
        List<OutputWeights> againWithout = second.withoutEachFold(
                again, folds.stream().mapToInt(fold -> fold).toArray(), without, checkpoint);
        Scores scores = scores(without);
        Scores scoresAgain = scores(againWithout);
        return exceeds(scoresAgain.gains, scores.gains, SLIGHTLY, units)
                        && !exceeds(scores.unseenGains, scoresAgain.unseenGains, 0, units)
                ? new Choice(terms, again, scoresAgain, units)
                : new Choice(terms, weights, scores, units);
    }

    private int[] folds() {
        return Arrays.stream(units).map(unit -> unit % FOLDS).toArray();
    }

    /** The start of the next fit, which may be the first with the network. */
    private static OutputWeights startOf(OutputWeights weights) {
        float[] values = weights.values().clone();
        int network = new Term(ItemFeature.NETWORK, Gate.ONE).index();
        values[network] = values[network] == 0 ? OutputWeights.network().values()[network] : values[network];
        return new OutputWeights(values, weights.range());
    }

    private Candidate candidate(OutputFit fit, OutputWeights start, Runnable checkpoint) {
        OutputWeights weights = fit.fit(start, COARSE, checkpoint);
        return new Candidate(fit, weights, scores(fit.withoutEachFold(weights, folds(), FOLDS, checkpoint)));
    }

    /** Scores each case by the weights without its fold. */
    private Scores scores(List<OutputWeights> without) {
        Scores scores = Scores.of(cases.size());
        int[] folds = folds();
        for (int i = 0; i < folds.length; i++) {
            score(cases.get(i), without.get(folds[i]), i, scores);
        }
        return scores;
    }

    private static void score(FitCase one, OutputWeights weights, int at, Scores scores) {
        double[] logits = one.logits(weights);
        double largest = Arrays.stream(logits).max().orElseThrow();
        double rank = 1;
        double unseenRank = 1;
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            double represented = Math.exp(one.logWeights()[c]);
            double ahead = c > 0 && logits[c] >= logits[0] ? represented : 0;
            rank += ahead;
            unseenRank += one.isSeen(c) ? 0 : ahead;
            sum += represented * Math.exp(logits[c] - largest);
        }
        scores.logLikelihoods[at] = logits[0] - largest - Math.log(sum);
        scores.gains[at] = gain(rank);
        scores.unseenGains[at] = one.isSeen(0) ? 0 : gain(unseenRank);
    }

    private static double gain(double rank) {
        return rank <= TOP ? Math.log(2) / Math.log(rank + 1) : 0;
    }

    private Candidate chosen(List<Candidate> candidates) {
        List<Scores> scores = candidates.stream().map(Candidate::scores).toList();
        double[] likely = best(scores.stream().map(Scores::logLikelihoods).toList());
        double[] ranked = best(scores.stream().map(Scores::gains).toList());
        return candidates.get(simplest(scores.stream()
                .mapToDouble(one -> Math.max(loss(one.logLikelihoods, likely), loss(one.gains, ranked)))
                .toArray()));
    }

    /**
     * The index of the first loss that is at most one standard error; if there is none, that of the smallest loss.
     *
     * @param losses the loss of each set of terms against the best one, in standard errors, the smallest set first
     */
    static int simplest(double[] losses) {
        int least = 0;
        for (int i = 0; i < losses.length; i++) {
            if (losses[i] <= 1) {
                return i;
            }
            least = losses[i] < losses[least] ? i : least;
        }
        return least;
    }

    /** The sum by which the values are below the best ones, in standard errors. */
    private double loss(double[] values, double[] best) {
        double[] sums = differences(best, values, units);
        return sums[0] <= 0 ? 0 : sums[0] / sums[1];
    }

    private static double[] best(List<double[]> values) {
        double[] best = values.getFirst();
        for (double[] one : values) {
            best = Arrays.stream(one).sum() > Arrays.stream(best).sum() ? one : best;
        }
        return best;
    }

    /** Returns whether the sum of the values is at most one standard error below that of the best ones. */
    private boolean isNear(double[] values, double[] best) {
        return !exceeds(best, values, 1, units);
    }

    /** Returns whether the sum of the values is more than some standard errors above that of others. */
    private static boolean exceeds(double[] values, double[] others, double errors, int[] units) {
        double[] sums = differences(values, others, units);
        return sums[0] > errors * sums[1];
    }

    /** The sum of the differences of values from others, and its standard error. */
    private static double[] differences(double[] values, double[] others, int[] units) {
        double sum = 0;
        double squares = 0;
        double unit = 0;
        for (int i = 0; i < values.length; i++) {
            unit += values[i] - others[i];
            if (i == values.length - 1 || units[i + 1] != units[i]) {
                sum += unit;
                squares += unit * unit;
                unit = 0;
            }
        }
        return new double[] {sum, Math.sqrt(squares)};
    }
}
