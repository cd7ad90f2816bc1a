package io.github.ttt4rec.benchmarks.impressions;

import io.github.ttt4rec.internal.Cholesky;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the weights of features to choices by Newton's method with halved steps: the probability of a candidate is the softmax of the
 * weighted sums of its features.
 */
final class ChoiceFit {
    private static final int STEPS = 15;
    private static final double PENALTY = 1e-4;

    private final int features;
    private final List<Choice> choices = new ArrayList<>();

    /** A choice: the features of each candidate, and the number of the chosen one. */
    private record Choice(double[][] candidates, int chosen) {}

    ChoiceFit(int features) {
        this.features = features;
    }

    /** Adds a choice among candidates with the given features, {@code (candidates, features)}. */
    void add(double[][] candidates, int chosen) {
        choices.add(new Choice(candidates, chosen));
    }

    /** The mean log-likelihood at some weights, less a small penalty, and its derivatives. */
    private static final class Point {
        private final double[] weights;
        private final double[] gradient;
        private final double[][] curvature;
        private double value;

        Point(double[] weights) {
            this.weights = weights;
            gradient = new double[weights.length];
            curvature = new double[weights.length][weights.length];
        }
    }

    /** Returns the weights at which the choices are most probable. */
    double[] fit() {
        Point at = evaluate(new double[features]);
        for (int step = 0; step < STEPS; step++) {
            double[] direction = Cholesky.solve(at.curvature, at.gradient);
            Point next = at;
            for (double length = 1; length > 1e-3 && next == at; length /= 2) {
                double[] weights = at.weights.clone();
                for (int f = 0; f < features; f++) {
                    weights[f] += length * direction[f];
                }
                Point tried = evaluate(weights);
                next = tried.value > at.value ? tried : at;
            }
            at = next;
        }
        return at.weights;
    }

    private Point evaluate(double[] weights) {
        Point point = new Point(weights);
        for (Choice choice : choices) {
            add(choice, point);
        }
        point.value /= choices.size();
        for (int f = 0; f < features; f++) {
            point.value -= PENALTY * weights[f] * weights[f] / 2;
            point.gradient[f] = point.gradient[f] / choices.size() - PENALTY * weights[f];
            for (int g = 0; g < features; g++) {
                point.curvature[f][g] = point.curvature[f][g] / choices.size() + (f == g ? PENALTY : 0);
            }
        }
        return point;
    }

    private void add(Choice choice, Point point) {
        double[][] candidates = choice.candidates;
        double[] logits = new double[candidates.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < logits.length; c++) {
            logits[c] = sum(point.weights, candidates[c]);
            largest = Math.max(largest, logits[c]);
        }
        double total = 0;
        double chosen = logits[choice.chosen] - largest;
        for (int c = 0; c < logits.length; c++) {
            logits[c] = Math.exp(logits[c] - largest);
            total += logits[c];
        }
        point.value += chosen - Math.log(total);
        double[] mean = new double[features];
        for (int c = 0; c < logits.length; c++) {
            double probability = logits[c] / total;
            for (int f = 0; f < features; f++) {
                mean[f] += probability * candidates[c][f];
                for (int g = 0; g < features; g++) {
                    point.curvature[f][g] += probability * candidates[c][f] * candidates[c][g];
                }
            }
        }
        for (int f = 0; f < features; f++) {
            point.gradient[f] += candidates[choice.chosen][f] - mean[f];
            for (int g = 0; g < features; g++) {
                point.curvature[f][g] -= mean[f] * mean[g];
            }
        }
    }

    /** Returns the weighted sum of the features of a candidate. */
    static double sum(double[] weights, double[] features) {
        double sum = 0;
        for (int f = 0; f < weights.length; f++) {
            sum += weights[f] * features[f];
        }
        return sum;
    }
}
