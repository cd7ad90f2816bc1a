package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.Popularity;
import java.util.Arrays;

/**
 * TALE (Park et al. 2025, arXiv 2412.07382): {@code min ‖T − S·B‖² + λ‖B‖²} with one row for each training event that
 * is a target. T has a 1 for the target; S has the weight {@code max(e^(−Δt/τ), floor)} for each event before it, where
 * Δt is the time between the two in days, divided by the popularity of the event's item to the power of {@code beta}.
 * Popularity is the number of training events in the {@code popularityDays} up to and including the event's time, as in
 * the paper, or in the whole training part. If there are no times, Δt is in events, and the whole training part is
 * used.
 *
 * @param neighbours the number of source items per target; see {@link LinearItems}
 * @param lambda the weight of the penalty, above 0
 * @param tauTrain the scale of the time between source and target
 * @param floor the smallest weight by time, 0 to 1
 * @param beta the power of the popularity, 0 for none
 * @param tauInference the scale of the age of a history's events, in events
 * @param maxLen the number of last events of a history that are read
 * @param popularityDays the window of the popularity in days; 0 for the whole training part
 */
public record Tale(
        int neighbours,
        double lambda,
        double tauTrain,
        double floor,
        double beta,
        double tauInference,
        int maxLen,
        double popularityDays)
        implements MemoryBasedConfig {
    private static final double MICROS_PER_DAY = 86_400e6;

    public Tale {
        LinearItems.check(neighbours, lambda, maxLen);
        if (!(tauTrain > 0) || !(tauInference > 0) || !(floor >= 0 && floor <= 1) || !(beta >= 0 && beta <= 1)) {
            throw new IllegalArgumentException("both taus must be above 0, floor and beta between 0 and 1, not "
                    + tauTrain + ", " + tauInference + ", " + floor + ", " + beta);
        }
        if (!(popularityDays >= 0 && popularityDays < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("popularity_days must be 0 or more, not " + popularityDays);
        }
    }

    /** 100 neighbours, λ 5, τ half a day and 2 events, floor 0.4, β 0.5, the last 50 events, all-time popularity. */
    public static Tale defaults() {
        return new Tale(100, 5, 0.5, 0.4, 0.5, 2, 50, 0);
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
        /** The factor {@code 1/popularity^β} of each event. */
        private final double[] factors;

        Targets(Split split, Tale options) {
            this.options = options;
            Dataset data = split.data();
            double[] counts = options.popularityDays() > 0 && data.hasTimes()
                    ? countsInWindow(split, options.popularityDays() * MICROS_PER_DAY)
                    : counts(split);
            factors = new double[counts.length];
            for (int event = 0; event < counts.length; event++) {
                factors[event] = Math.pow(Math.max(1, counts[event]), -options.beta());
            }
        }

        /** For each event, the number of training events of its item. */
        private static double[] counts(Split split) {
            float[] all = Popularity.of(split).scores();
            int[] events = split.data().events();
            double[] counts = new double[events.length];
            for (int event = 0; event < events.length; event++) {
                counts[event] = all[events[event]];
            }
            return counts;
        }

        /**
         * For each training event, the number of training events of its item up to its time, but at most {@code window}
         * earlier.
         */
        private static double[] countsInWindow(Split split, double window) {
            Dataset data = split.data();
            long[][] times = timesByItem(split);
            double[] counts = new double[data.events().length];
            for (int user = 0; user < data.userCount(); user++) {
                for (int p = 0; p < split.trainingLength(user); p++) {
                    int event = data.start(user) + p;
                    long[] ofItem = times[data.events()[event]];
                    long now = data.times()[event];
                    counts[event] = firstAfter(ofItem, now) - firstAfter(ofItem, now - window);
                }
            }
            return counts;
        }

        /** The times of each item's training events, ascending. */
        private static long[][] timesByItem(Split split) {
            Dataset data = split.data();
            long[] sizes = Popularity.counts(split);
            long[][] times = new long[sizes.length][];
            for (int item = 0; item < times.length; item++) {
                times[item] = new long[Math.toIntExact(sizes[item])];
            }
            int[] filled = new int[times.length];
            for (int user = 0; user < data.userCount(); user++) {
                for (int p = 0; p < split.trainingLength(user); p++) {
                    int item = data.item(user, p);
                    if (data.isTarget(user, p)) {
                        times[item][filled[item]++] = data.times()[data.start(user) + p];
                    }
                }
            }
            for (long[] ofItem : times) {
                Arrays.sort(ofItem);
            }
            return times;
        }

        /** The index of the first of the ascending times that is after {@code time}. */
        private static int firstAfter(long[] times, double time) {
            int low = 0;
            int high = times.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[middle] > time) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        @Override
        public boolean excludesItself() {
            return false;
        }

        private double weight(Dataset data, int user, int p, int q) {
            double gap = data.hasTimes()
                    ? (data.times()[data.offsets()[user] + q] - data.times()[data.offsets()[user] + p]) / MICROS_PER_DAY
                    : q - p;
            return Math.max(Math.exp(-gap / options.tauTrain()), options.floor()) * factors[data.start(user) + p];
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
