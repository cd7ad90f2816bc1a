package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.Popularity;

/**
 * TALE (Park et al. 2025, arXiv 2412.07382): {@code min ‖T − S·B‖² + λ‖B‖²} with one row for each training event that
 * is a target. T has a 1 for the target; S has the weight {@code max(e^(−Δt/τ), floor)} for each event before it, where
 * Δt is the time between the two in days, divided by the popularity of the event's item to the power of {@code beta}.
 * Popularity is counted over the whole training part; the paper counts it in a trailing window. If there are no times,
 * Δt is in events.
 *
 * @param neighbours the number of source items per target; see {@link LinearItems}
 * @param lambda the weight of the penalty, above 0
 * @param tauTrain the scale of the time between source and target
 * @param floor the smallest weight by time, 0 to 1
 * @param beta the power of the popularity, 0 for none
 * @param tauInference the scale of the age of a history's events, in events
 * @param maxLen the number of last events of a history that are read
 */
public record Tale(
        int neighbours, double lambda, double tauTrain, double floor, double beta, double tauInference, int maxLen)
        implements MemoryBasedConfig {
    private static final double MICROS_PER_DAY = 86_400e6;

    public Tale {
        LinearItems.check(neighbours, lambda, maxLen);
        if (!(tauTrain > 0) || !(tauInference > 0) || !(floor >= 0 && floor <= 1) || !(beta >= 0 && beta <= 1)) {
            throw new IllegalArgumentException("both taus must be above 0, floor and beta between 0 and 1, not "
                    + tauTrain + ", " + tauInference + ", " + floor + ", " + beta);
        }
    }

    /** 100 neighbours, λ 5, τ half a day and 2 events, floor 0.4, β 0.5, the last 50 events. */
    public static Tale defaults() {
        return new Tale(100, 5, 0.5, 0.4, 0.5, 2, 50);
    }

    @Override
    public String type() {
        return "tale";
    }

    @Override
    public LinearItems create(Split split) {
        return LinearItems.fit(
                split, new Targets(split, this), neighbours, lambda, maxLen, Math.exp(-1 / tauInference));
    }

    @Override
    public LinearItems load(TensorFile tables, int itemCount) {
        return LinearItems.load(tables, itemCount, maxLen, Math.exp(-1 / tauInference));
    }

    /** The products summed over all targets, each with the last {@code maxLen} events before it. */
    private static final class Targets implements LinearItems.Regression {
        private final Tale options;
        private final double[] popularity;

        Targets(Split split, Tale options) {
            this.options = options;
            float[] counts = Popularity.of(split).scores();
            popularity = new double[counts.length];
            for (int item = 1; item < counts.length; item++) {
                popularity[item] = Math.pow(Math.max(1, counts[item]), -options.beta());
            }
        }

        @Override
        public boolean excludesItself() {
            return false;
        }

        private double weight(Dataset data, int user, int p, int q) {
            double gap = data.hasTimes()
                    ? (data.times()[data.offsets()[user] + q] - data.times()[data.offsets()[user] + p]) / MICROS_PER_DAY
                    : q - p;
            return Math.max(Math.exp(-gap / options.tauTrain()), options.floor()) * popularity[data.item(user, p)];
        }

        @Override
        public void addSource(Dataset data, int user, int length, int p, Sums row) {
            for (int q = p + 1; q < Math.min(length, p + 1 + options.maxLen()); q++) {
                double own = weight(data, user, p, q);
                for (int other = Math.max(0, q - options.maxLen()); other < q; other++) {
                    row.add(data.item(user, other), own * weight(data, user, other, q));
                }
            }
        }

        @Override
        public void addTarget(Dataset data, int user, int length, int q, Sums column) {
            for (int p = Math.max(0, q - options.maxLen()); p < q; p++) {
                column.add(data.item(user, p), weight(data, user, p, q));
            }
        }
    }
}
