package io.github.ttt4rec.lab.tune;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A density estimate on [0, 1] from points: a mixture, with equal weights, of one Gaussian at each point and a wide one
 * in the middle as a prior, all truncated to [0, 1]. The width of a Gaussian is the larger of the distances to the
 * neighbouring points, within limits (Bergstra et al. 2011, section 4.2).
 */
final class ParzenEstimator {
    private static final double PRIOR_MEAN = 0.5;
    private static final double PRIOR_WIDTH = 1;
    private static final double NARROWEST = 0.01;

    /** The centres of the Gaussians, in ascending order. */
    private final double[] means;

    private final double[] widths;
    /** The mass of each Gaussian in [0, 1]. */
    private final double[] inside;

    ParzenEstimator(double[] points) {
        means = Arrays.copyOf(points, points.length + 1);
        means[points.length] = PRIOR_MEAN;
        Arrays.sort(means);
        int prior = Arrays.binarySearch(means, PRIOR_MEAN);
        double narrowest = Math.max(NARROWEST, PRIOR_WIDTH / (1 + means.length));
        widths = new double[means.length];
        inside = new double[means.length];
        for (int i = 0; i < means.length; i++) {
            double left = i == 0 ? 0 : means[i] - means[i - 1];
            double right = i == means.length - 1 ? 0 : means[i + 1] - means[i];
            widths[i] = i == prior ? PRIOR_WIDTH : Math.clamp(Math.max(left, right), narrowest, PRIOR_WIDTH);
            inside[i] = normal((1 - means[i]) / widths[i]) - normal(-means[i] / widths[i]);
        }
    }

    double sample(RandomGenerator random) {
        int i = random.nextInt(means.length);
        double value;
        do {
            // At least a third of the draws are accepted, because the mean is inside and the width is at most the
            // range.
            value = means[i] + widths[i] * random.nextGaussian();
        } while (value < 0 || value > 1);
        return value;
    }

    /** The density at {@code x} in [0, 1]. */
    double density(double x) {
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            double z = (x - means[i]) / widths[i];
            sum += StrictMath.exp(-0.5 * z * z) / (widths[i] * inside[i]);
        }
        return sum / (means.length * Math.sqrt(2 * Math.PI));
    }

    /** The standard normal distribution function, with an error below 1e-7 (Abramowitz and Stegun 7.1.26). */
    private static double normal(double x) {
        double z = Math.abs(x) / Math.sqrt(2);
        double t = 1 / (1 + 0.3275911 * z);
        double polynomial =
                t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        double tail = 0.5 * polynomial * StrictMath.exp(-z * z);
        return x < 0 ? tail : 1 - tail;
    }
}
