package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.MemoryBasedConfig;

/**
 * The parameters of {@link VsKnn}.
 *
 * @param k how many neighbours count, at least 1
 * @param sampleSize among how many recent sessions they are looked for, at least 1
 * @param maxLen length of sessions and queries, at least 1
 * @param weighting of a query's events
 * @param scoreWeighting of a neighbour, by its last shared event
 * @param idfWeight at least 0; above it, rare items score higher
 * @param remind whether the query's own items are scored; if not, they rank with the items no neighbour has
 */
public record VsKnnOptions(
        int k,
        int sampleSize,
        int maxLen,
        Weighting weighting,
        Weighting scoreWeighting,
        double idfWeight,
        boolean remind)
        implements MemoryBasedConfig {
    /** Throws {@link IllegalArgumentException} for values out of range. */
    public VsKnnOptions {
        if (k < 1 || sampleSize < 1 || maxLen < 1 || !(idfWeight >= 0 && idfWeight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "k " + k + ", sampleSize " + sampleSize + ", maxLen " + maxLen + ", idfWeight " + idfWeight);
        }
    }

    /** The defaults of session-rec: k 100, sample 1,000, div twice, no idf, reminders; and the last 50 events. */
    public static VsKnnOptions defaults() {
        return new VsKnnOptions(100, 1000, 50, Weighting.DIV, Weighting.DIV, 0, true);
    }

    @Override
    public String type() {
        return "vsknn";
    }

    @Override
    public VsKnn create(Split split) {
        return new VsKnn(split, this);
    }

    @Override
    public VsKnn load(TensorFile tables, int itemCount) {
        return VsKnn.load(this, tables, itemCount);
    }

    /** How weight falls with distance from the newest event. */
    public enum Weighting {
        /** All events alike. */
        SAME,
        /** i / n in the query, 1 / step in the score. */
        DIV,
        /** The square of {@link #DIV}. */
        QUADRATIC,
        /** 1 / log10(n − i + 1.7) in the query, 1 / log10(step + 1.7) in the score. */
        LOG;

        /** The weight of event {@code i}, 1-based, of a query of {@code n} events. */
        double inQuery(int i, int n) {
            return switch (this) {
                case SAME -> 1;
                case DIV -> (double) i / n;
                case QUADRATIC -> (double) i / n * i / n;
                case LOG -> 1 / Math.log10(n - i + 1.7);
            };
        }

        /** The weight of a session whose last shared event is {@code step} events back; the newest is 1. */
        double inScore(int step) {
            return switch (this) {
                case SAME -> 1;
                case DIV -> 1.0 / step;
                case QUADRATIC -> 1.0 / step / step;
                case LOG -> 1 / Math.log10(step + 1.7);
            };
        }
    }
}
