package io.github.ttt4rec.benchmarks.impressions;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Query;
import java.util.Arrays;

/**
 * The features of items for a user: the model's score; how often the user was shown the item without taking it, halved
 * for every 7 days since the last time, as by the rule of a scenario; the logarithm of 1 + that number without halving;
 * the logarithm of the rate at which all users take the item, divided by that of other items at its places; and the
 * cosine of its vector and the mean vector of the items that the user was shown and did not take. Not thread-safe.
 */
final class Features {
    /** The number of features. */
    static final int COUNT = 5;

    private static final double HALF_LIFE_DAYS = 7;
    private static final double SMOOTHING = 5;
    private static final int PLACES = 10;

    private final double[] shownAtPlace = new double[PLACES + 1];
    private final double[] takenAtPlace = new double[PLACES + 1];
    /** How often each item was shown at each place, {@code (items + 1, places + 1)}. */
    private final double[][] shown;

    private final double[] taken;

    Features(int items) {
        shown = new double[items + 1][PLACES + 1];
        taken = new double[items + 1];
    }

    /** Counts an item that a user was shown at a place, from 1. */
    void shown(int item, int place, boolean takes) {
        shown[item][place]++;
        shownAtPlace[place]++;
        taken[item] += takes ? 1 : 0;
        takenAtPlace[place] += takes ? 1 : 0;
    }

    /** Computes the items' rates from what was counted so far. */
    double[] rates() {
        double[] rates = new double[taken.length];
        for (int item = 1; item < rates.length; item++) {
            double expected = SMOOTHING;
            for (int place = 1; place <= PLACES; place++) {
                expected += shown[item][place] * takenAtPlace[place] / Math.max(1, shownAtPlace[place]);
            }
            rates[item] = Math.log((taken[item] + SMOOTHING) / expected);
        }
        return rates;
    }

    /** The score of every item by the model for a user at a time. */
    static double[] scores(Visitor visitor, long now, ModelReader reader) {
        History history = visitor.history(now);
        int from = Math.max(0, history.size() - reader.model().config().train().maxLen());
        float[] vector = reader.newState()
                .map(state -> reader.append(state, Arrays.copyOfRange(history.items(), from, history.size())))
                .orElse(new float[0]);
        float[] scores = reader.score(new Query(vector, history));
        double[] copy = new double[scores.length];
        for (int item = 0; item < copy.length; item++) {
            copy[item] = scores[item];
        }
        return copy;
    }

    /** The features of every item for a user at a time, {@code (items + 1, }{@value #COUNT}{@code )}. */
    static double[][] of(Visitor visitor, long now, ModelReader reader, double[] rates) {
        double[] scores = scores(visitor, now, reader);
        Parameter table = reader.model().network().outputTable();
        int d = table.extent(1);
        double[] skipped = new double[d];
        for (int item = 1; item < scores.length; item++) {
            for (int c = 0; c < d && visitor.shown[item] > 0; c++) {
                skipped[c] += table.value()[item * d + c] / length(table.value(), item * d, d);
            }
        }
        double norm = 0;
        for (double value : skipped) {
            norm += value * value;
        }
        double[][] features = new double[scores.length][];
        for (int item = 1; item < scores.length; item++) {
            double days = Math.max(0, (now - visitor.lastShown[item]) / Visitor.DAY);
            double cosine = 0;
            for (int c = 0; c < d && norm > 0; c++) {
                cosine += skipped[c] * table.value()[item * d + c];
            }
            features[item] = new double[] {
                scores[item],
                visitor.shown[item] * Math.pow(2, -days / HALF_LIFE_DAYS),
                Math.log1p(visitor.shown[item]),
                rates[item],
                norm > 0 ? cosine / Math.sqrt(norm) / length(table.value(), item * d, d) : 0
            };
        }
        return features;
    }

    private static double length(float[] values, int from, int d) {
        double square = 1e-12;
        for (int c = 0; c < d; c++) {
            square += values[from + c] * values[from + c];
        }
        return Math.sqrt(square);
    }
}
