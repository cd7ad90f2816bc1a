package io.github.ttt4rec.benchmarks.impressions;

import java.util.SplittableRandom;

/**
 * The tastes of the users of a simulated shop. A user's utility of an item is the inner product of their latent vectors
 * plus the item's quality, and never changes. On their own, users choose by a softmax of the utilities plus the
 * similarity to their last item. In a list, they look at place j with probability {@code 1 / (1 + 0.3·(j − 1))}, and
 * take an item at which they look with probability {@code 1 / (1 + e^(bar − utility))}. The same arguments give the same
 * shop. Not thread-safe.
 */
final class SimulatedShop {
    private static final int DIMENSIONS = 8;
    private static final double TASTE = 1.2;
    private static final double QUALITY = 0.7;
    private static final double SEQUENCE = 0.5;
    private static final double PLACE_DECAY = 0.3;
    /** The utility of an item that is taken half of the times that it is seen. */
    private static final double BAR = 5;

    private final SplittableRandom random;
    private final double[][] tastes;
    /** The vector of each item; row 0 is unused. */
    private final double[][] items;

    private final double[] qualities;

    SimulatedShop(int users, int items, SplittableRandom random) {
        this.random = random;
        tastes = vectors(users, TASTE);
        this.items = vectors(items + 1, 1);
        qualities = new double[items + 1];
        for (int item = 1; item <= items; item++) {
            qualities[item] = QUALITY * random.nextGaussian();
        }
    }

    private double[][] vectors(int count, double scale) {
        double[][] vectors = new double[count][DIMENSIONS];
        for (double[] vector : vectors) {
            for (int c = 0; c < DIMENSIONS; c++) {
                vector[c] = scale * random.nextGaussian();
            }
        }
        return vectors;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int c = 0; c < DIMENSIONS; c++) {
            sum += one[c] * other[c];
        }
        return sum;
    }

    private double utility(int user, int item) {
        return dot(tastes[user], items[item]) + qualities[item];
    }

    /**
     * Returns the item that a user chooses without a list, among those that the user has not had.
     *
     * @param last the user's last item; 0 for none
     */
    int choice(int user, int last, boolean[] had) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int item = 1; item < items.length; item++) {
            // The largest sum of a logit and Gumbel noise is a draw from the softmax.
            double noise = -Math.log(-Math.log(random.nextDouble(1e-12, 1)));
            double value = utility(user, item) + noise + (last == 0 ? 0 : SEQUENCE * dot(items[last], items[item]));
            if (!had[item] && value > most) {
                most = value;
                best = item;
            }
        }
        return best;
    }

    /** Returns whether a user who is shown an item takes it. */
    boolean takes(int user, int item, int place) {
        return random.nextDouble() < chance(user, item, place);
    }

    /** Returns the probability that a user who is shown an item at a place, from 1, takes it. */
    double chance(int user, int item, int place) {
        double look = 1 / (1 + PLACE_DECAY * (place - 1));
        return look / (1 + Math.exp(BAR - utility(user, item)));
    }
}
