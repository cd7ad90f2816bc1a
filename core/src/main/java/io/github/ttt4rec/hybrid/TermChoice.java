package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Chooses the terms of an output layer by cross-validation. If a log has only a simple pattern, such as popularity, the
 * weights of further terms are noise, which costs more than the terms can gain.
 *
 * <p>The choice is the smallest {@link TermSet} whose loss against the best one is at most one standard error (Breiman et
 * al. 1984), in the log-likelihood and in the NDCG@10 alike. The former notices small gains, the latter is the goal. If
 * no set meets both conditions, all terms remain.
 */
final class TermChoice {
    private static final int FOLDS = 20;
    private static final int TOP = 10;
    /**
     * The last step of a fit that is compared with others improves the objective by less than this. Such a fit is
     * coarse, but the step to the weights without a fold brings these near their optimum.
     */
    private static final double COARSE = 1e-3;

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
     * @param logLikelihoods the log-likelihood of each case by a fit without the cases of its fold
     * @param gains the same for NDCG@10
     */
    private record Candidate(OutputFit fit, OutputWeights weights, double[] logLikelihoods, double[] gains) {}

    /**
     * The weights of the chosen terms; the others are 0.
     *
     * @param choose whether terms may be left out
     * @param terms all terms
     */
    OutputWeights fit(boolean choose, List<Term> terms, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
        return choose
                ? choose(terms, penalty, checkpoint)
                : fitOf(terms, penalty).fit(checkpoint);
    }

    private OutputFit fitOf(List<Term> terms, ToDoubleFunction<Term> penalty) {
        return new OutputFit(cases, terms, terms.stream().mapToDouble(penalty).toArray());
    }

    private OutputWeights choose(List<Term> terms, ToDoubleFunction<Term> penalty, Runnable checkpoint) {
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
        return chosen.fit.fit(chosen.weights, OutputFit.ENOUGH, checkpoint);
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
        int[] folds = Arrays.stream(units).map(unit -> unit % FOLDS).toArray();
        List<OutputWeights> without = fit.withoutEachFold(weights, folds, FOLDS, checkpoint);
        double[] logLikelihoods = new double[cases.size()];
        double[] gains = new double[cases.size()];
        for (int i = 0; i < folds.length; i++) {
            score(cases.get(i), without.get(folds[i]), i, logLikelihoods, gains);
        }
        return new Candidate(fit, weights, logLikelihoods, gains);
    }

    private static void score(FitCase one, OutputWeights weights, int at, double[] logLikelihoods, double[] gains) {
        float[] current = new float[OutputWeights.FEATURES];
        weights.at(one.gates(), current);
        double[] logits = one.logits(current);
        double largest = Arrays.stream(logits).max().orElseThrow();
        double rank = 1;
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            double represented = Math.exp(one.logWeights()[c]);
            rank += c > 0 && logits[c] >= logits[0] ? represented : 0;
            sum += represented * Math.exp(logits[c] - largest);
        }
        logLikelihoods[at] = logits[0] - largest - Math.log(sum);
        gains[at] = rank <= TOP ? Math.log(2) / Math.log(rank + 1) : 0;
    }

    private Candidate chosen(List<Candidate> candidates) {
        double[] likely =
                best(candidates.stream().map(Candidate::logLikelihoods).toList());
        double[] ranked = best(candidates.stream().map(Candidate::gains).toList());
        return candidates.stream()
                .filter(candidate -> isNear(candidate.logLikelihoods, likely) && isNear(candidate.gains, ranked))
                .findFirst()
                .orElse(candidates.getLast());
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
        double sum = 0;
        double squares = 0;
        double unit = 0;
        for (int i = 0; i < values.length; i++) {
            unit += best[i] - values[i];
            if (i == values.length - 1 || units[i + 1] != units[i]) {
                sum += unit;
                squares += unit * unit;
                unit = 0;
            }
        }
        return sum <= Math.sqrt(squares);
    }
}
