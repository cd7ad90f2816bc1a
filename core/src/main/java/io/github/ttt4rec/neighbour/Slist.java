package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import io.github.ttt4rec.recommend.MemoryBasedConfig;

/**
 * SLIST (Choi et al. 2021, arXiv 2103.16104, equation 10): {@code min α‖X − X·B‖² + (1 − α)‖T − S·B‖² + λ‖B‖²}. X is as
 * in {@link Ease}; S and T have a row for every cut of a user's events into a past (S) and a future (T), with entries
 * {@code e^(−distance to the cut / tauTrain)}. The paper's weights by the age of a session, δ_inv, are left out.
 *
 * @param neighbours the number of source items per target; see {@link LinearItems}
 * @param lambda the weight of the penalty, above 0
 * @param alpha the share of the similarity model, 0 to 1; the rest is that of the transition model
 * @param tauTrain the scale of the distances to a cut, in events
 * @param tauInference the scale of the age of a history's events, in events
 * @param maxLen the number of last events of a history that are read
 */
public record Slist(int neighbours, double lambda, double alpha, double tauTrain, double tauInference, int maxLen)
        implements MemoryBasedConfig {
    /** Pairs of events with a weight below this are ignored. */
    private static final double NEGLIGIBLE = 1e-6;

    public Slist {
        LinearItems.check(neighbours, lambda, maxLen);
        if (!(alpha >= 0 && alpha <= 1) || !(tauTrain > 0) || !(tauInference > 0)) {
            throw new IllegalArgumentException("alpha must be between 0 and 1 and both taus above 0, not " + alpha
                    + ", " + tauTrain + ", " + tauInference);
        }
    }

    /** 100 neighbours, λ 50, α 0.2, τ 4 and 4 events, the last 50 events. */
    public static Slist defaults() {
        return new Slist(100, 50, 0.2, 4, 4, 50);
    }

    @Override
    public String type() {
        return "slist";
    }

    @Override
    public LinearItems create(Split split) {
        return LinearItems.fit(
                split,
                new Cuts(new FirstEvents(split), alpha, tauTrain),
                neighbours,
                lambda,
                maxLen,
                Math.exp(-1 / tauInference));
    }

    @Override
    public LinearItems load(TensorFile tables, int itemCount) {
        return LinearItems.load(tables, itemCount, maxLen, Math.exp(-1 / tauInference));
    }

    /**
     * The products summed over all cuts in closed form. With r = e^(−1/τ), events p and q ≥ p of n both lie before the
     * n − 1 − q cuts after q, so SᵀS gets {@code r^(q−p) Σ_m r^(2m)}; they lie on different sides of the q − p cuts
     * between them, so SᵀT gets {@code (q − p) r^(q−p−1)}.
     */
    private static final class Cuts implements LinearItems.Regression {
        private final FirstEvents first;
        private final double alpha;
        private final double ratio;

        Cuts(FirstEvents first, double alpha, double tau) {
            this.first = first;
            this.alpha = alpha;
            this.ratio = Math.exp(-1 / tau);
        }

        @Override
        public boolean excludesItself() {
            return false;
        }

        private void addSame(int user, int length, int p, Sums sums) {
            if (alpha > 0) {
                first.addPairs(user, length, p, alpha, sums);
            }
        }

        @Override
        public void addSource(Dataset data, int user, int length, int p, Sums row) {
            addSame(user, length, p, row);
            double weight = 1 - alpha;
            for (int distance = 0; weight > NEGLIGIBLE && (p + distance < length || p >= distance); distance++) {
                if (p + distance < length) {
                    row.add(data.item(user, p + distance), weight * cuts(length - 1 - p - distance));
                }
                if (distance > 0 && p >= distance) {
                    row.add(data.item(user, p - distance), weight * cuts(length - 1 - p));
                }
                weight *= ratio;
            }
        }

        /** The sum of ratio^(2m) over m from 0 to {@code count} − 1. */
        private double cuts(int count) {
            double square = ratio * ratio;
            return (1 - Math.pow(square, count)) / (1 - square);
        }

        @Override
        public void addTarget(Dataset data, int user, int length, int q, Sums column) {
            addSame(user, length, q, column);
            double weight = 1 - alpha;
            for (int distance = 1; distance <= q && weight > NEGLIGIBLE; distance++) {
                column.add(data.item(user, q - distance), distance * weight);
                weight *= ratio;
            }
        }
    }
}
