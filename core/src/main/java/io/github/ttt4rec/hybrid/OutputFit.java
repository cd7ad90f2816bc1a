package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import io.github.ttt4rec.internal.Cholesky;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Fits the output weights by Newton's method: they maximise the mean over the cases of
 * {@code log softmax(logits)[target]}, minus {@code ½ Σ penalty · (w − w₀)²} over the weights, where w₀ are the expected
 * weights. The function is concave, so there is a single optimum, which does not depend on the starting point. A weight
 * whose feature is 0 in all cases stays at w₀.
 */
final class OutputFit {
    private static final int MAX_STEPS = 20;
    private static final int MAX_HALVINGS = 10;
    static final double ENOUGH = 1e-6;
    private static final int FEATURES = OutputWeights.FEATURES;
    private static final int GATES = OutputWeights.GATES;

    private final List<FitCase> cases;
    private final List<Term> terms;
    private final double[] penalties;
    private final OutputWeights expected;
    /** For each feature, whether it has a term. */
    private final boolean[] fitted = new boolean[FEATURES];

    /**
     * Prepares a fit that expects the weights that use only the network.
     *
     * @param penalties the penalty of each term's weight, above 0; not copied
     */
    OutputFit(List<FitCase> cases, List<Term> terms, double[] penalties) {
        this(cases, terms, penalties, OutputWeights.network());
    }

    /**
     * Prepares a fit.
     *
     * @param penalties the penalty of each term's weight, above 0; not copied
     * @param expected the weights without any case
     */
    OutputFit(List<FitCase> cases, List<Term> terms, double[] penalties, OutputWeights expected) {
        this.cases = cases;
        this.terms = terms;
        this.penalties = penalties;
        this.expected = expected;
        terms.forEach(term -> fitted[term.feature().column()] = true);
    }

    private double[] valuesOf(OutputWeights weights) {
        return terms.stream()
                .mapToDouble(term -> weights.values()[term.index()])
                .toArray();
    }

    /** The value of the objective at some weights, and its derivatives. */
    private static final class Point {
        final double[] weights;
        double value;
        final double[] gradient;
        final double[][] curvature;

        Point(double[] weights) {
            this.weights = weights;
            gradient = new double[weights.length];
            curvature = new double[weights.length][weights.length];
        }

        /** Adds {@code factor} times the value and the derivatives of another point. */
        void add(Point other, double factor) {
            value += factor * other.value;
            for (int k = 0; k < gradient.length; k++) {
                gradient[k] += factor * other.gradient[k];
                for (int j = 0; j <= k; j++) {
                    curvature[k][j] += factor * other.curvature[k][j];
                }
            }
        }
    }

    List<Term> terms() {
        return terms;
    }

    /** The weights at the optimum. */
    OutputWeights fit(Runnable checkpoint) {
        return fit(expected, ENOUGH, checkpoint);
    }

    /**
     * The weights at the optimum, found from other weights; a near start takes fewer steps.
     *
     * @param enough the last step improves the objective by less than this
     */
    OutputWeights fit(OutputWeights start, double enough, Runnable checkpoint) {
        Point at = evaluate(valuesOf(start));
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] direction = Cholesky.solve(at.curvature, at.gradient);
            Point next = null;
            double length = 1;
            for (int i = 0; i < MAX_HALVINGS && (next == null || !(next.value >= at.value)); i++) {
                checkpoint.run();
                double[] weights = at.weights.clone();
                for (int k = 0; k < weights.length; k++) {
                    weights[k] += length * direction[k];
                }
                next = evaluate(weights);
                length /= 2;
            }
            if (next == null || !(next.value > at.value)) {
                break;
            }
            double gain = next.value - at.value;
            at = next;
            if (gain < enough) {
                break;
            }
        }
        return weightsOf(at.weights);
    }

    private Point evaluate(double[] weights) {
        Point point = sum(weights, fold -> true, new int[cases.size()]);
        regularize(point, cases.size(), valuesOf(expected));
        return point;
    }

    /** Sums the log-likelihoods and their derivatives over the cases of some folds. */
    private Point sum(double[] weights, IntPredicate folds, int[] foldOfCase) {
        Point point = new Point(weights);
        Moments moments = new Moments();
        for (int i = 0; i < foldOfCase.length; i++) {
            if (folds.test(foldOfCase[i])) {
                add(cases.get(i), point, moments);
            }
        }
        return point;
    }

    /** Turns sums over {@code count} cases into the objective and its derivatives. */
    private void regularize(Point point, int count, double[] prior) {
        double n = Math.max(1, count);
        point.value /= n;
        for (int k = 0; k < point.weights.length; k++) {
            double penalty = penalties[k];
            double off = point.weights[k] - prior[k];
            point.value -= penalty * off * off / 2;
            point.gradient[k] = point.gradient[k] / n - penalty * off;
            for (int j = 0; j <= k; j++) {
                point.curvature[k][j] = point.curvature[k][j] / n + (j == k ? penalty : 0);
            }
        }
    }

    /**
     * The weights at the optimum without the cases of each fold, by one step of Newton's method from the optimum of all
     * cases. The step is exact for a quadratic objective.
     *
     * @param optimum the weights that {@link #fit} found
     * @param foldOfCase the fold of each case, from 0
     * @param expectations for each fold, the weights that are expected without its cases
     */
    List<OutputWeights> withoutEachFold(
            OutputWeights optimum, int[] foldOfCase, List<OutputWeights> expectations, Runnable checkpoint) {
        int folds = expectations.size();
        double[] at = valuesOf(optimum);
        Point all = new Point(at);
        List<Point> parts = new ArrayList<>();
        int[] counts = new int[folds];
        for (int fold : foldOfCase) {
            counts[fold]++;
        }
        for (int f = 0; f < folds; f++) {
            checkpoint.run();
            int own = f;
            Point part = sum(at, fold -> fold == own, foldOfCase);
            all.add(part, 1);
            parts.add(part);
        }
        List<OutputWeights> without = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            Point rest = new Point(at);
            rest.add(all, 1);
            rest.add(parts.get(f), -1);
            regularize(rest, foldOfCase.length - counts[f], valuesOf(expectations.get(f)));
            double[] weights = Cholesky.solve(rest.curvature, rest.gradient);
            for (int k = 0; k < weights.length; k++) {
                weights[k] += at[k];
            }
            without.add(weightsOf(weights));
        }
        return without;
    }

    /** The same for {@code folds} folds, with the same expected weights as {@link #fit}. */
    List<OutputWeights> withoutEachFold(OutputWeights optimum, int[] foldOfCase, int folds, Runnable checkpoint) {
        return withoutEachFold(optimum, foldOfCase, Collections.nCopies(folds, expected), checkpoint);
    }

    private OutputWeights weightsOf(double[] fitted) {
        float[] values = new float[FEATURES * GATES];
        for (int k = 0; k < terms.size(); k++) {
            values[terms.get(k).index()] = (float) fitted[k];
        }
        return new OutputWeights(values, GateRange.UNLIMITED);
    }

    /** First and second moments of the features under the model's distribution over candidates. */
    private static final class Moments {
        final double[] weights = new double[FEATURES];
        final double[] mean = new double[FEATURES];
        final double[][] second = new double[FEATURES][FEATURES];
        double[] probabilities = {};
        /** The fitted features of a candidate that are not 0, in ascending order. */
        final int[] present = new int[FEATURES];

        final double[] values = new double[FEATURES];

        void clear() {
            Arrays.fill(weights, 0);
            Arrays.fill(mean, 0);
            for (double[] row : second) {
                Arrays.fill(row, 0);
            }
        }
    }

    private void add(FitCase one, Point point, Moments moments) {
        moments.clear();
        for (int k = 0; k < terms.size(); k++) {
            Term term = terms.get(k);
            moments.weights[term.feature().column()] +=
                    point.weights[k] * one.gates()[term.gate().column()];
        }
        point.value += logLikelihood(one, moments);
        for (int c = 0; c < one.candidates(); c++) {
            addMoments(one, c, moments.probabilities[c], moments);
        }
        for (int k = 0; k < terms.size(); k++) {
            int f = terms.get(k).feature().column();
            double gate = one.gates()[terms.get(k).gate().column()];
            if (gate != 0) {
                point.gradient[k] += gate * (target(one, f) - moments.mean[f]);
                for (int j = 0; j <= k; j++) {
                    int other = terms.get(j).feature().column();
                    // Terms are in the order of their features.
                    double covariance = moments.second[f][other] - moments.mean[f] * moments.mean[other];
                    point.curvature[k][j] +=
                            gate * one.gates()[terms.get(j).gate().column()] * covariance;
                }
            }
        }
    }

    /** Computes the candidates' probabilities; returns the logarithm of the target's. */
    private static double logLikelihood(FitCase one, Moments moments) {
        int n = one.candidates();
        if (moments.probabilities.length < n) {
            moments.probabilities = new double[n];
        }
        double[] logits = moments.probabilities;
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < n; c++) {
            double logit = one.logWeights()[c];
            for (int i = one.offsets()[c]; i < one.offsets()[c + 1]; i++) {
                logit += moments.weights[one.features()[i]] * one.values()[i];
            }
            logits[c] = logit;
            largest = Math.max(largest, logit);
        }
        double target = logits[0];
        double sum = 0;
        for (int c = 0; c < n; c++) {
            logits[c] = Math.exp(logits[c] - largest);
            sum += logits[c];
        }
        for (int c = 0; c < n; c++) {
            logits[c] /= sum;
        }
        return target - largest - Math.log(sum);
    }

    private void addMoments(FitCase one, int candidate, double probability, Moments moments) {
        int count = 0;
        for (int i = one.offsets()[candidate]; i < one.offsets()[candidate + 1]; i++) {
            if (fitted[one.features()[i]]) {
                moments.present[count] = one.features()[i];
                moments.values[count++] = one.values()[i];
            }
        }
        for (int i = 0; i < count; i++) {
            double weighted = probability * moments.values[i];
            int f = moments.present[i];
            moments.mean[f] += weighted;
            double[] row = moments.second[f];
            for (int j = 0; j <= i; j++) {
                row[moments.present[j]] += weighted * moments.values[j];
            }
        }
    }

    private static double target(FitCase one, int feature) {
        for (int i = one.offsets()[0]; i < one.offsets()[1]; i++) {
            if (one.features()[i] == feature) {
                return one.values()[i];
            }
        }
        return 0;
    }
}
