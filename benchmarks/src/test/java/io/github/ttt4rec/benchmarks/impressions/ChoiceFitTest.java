package io.github.ttt4rec.benchmarks.impressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChoiceFitTest {
    @Test
    void weightsThatMadeTheChoicesAreFound() {
        double[] weights = {1.5, -0.7, 0};
        SplittableRandom random = new SplittableRandom(5);
        ChoiceFit fit = new ChoiceFit(weights.length);
        for (int n = 0; n < 20_000; n++) {
            double[][] candidates = new double[6][weights.length];
            int chosen = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < candidates.length; c++) {
                for (int f = 0; f < weights.length; f++) {
                    candidates[c][f] = random.nextGaussian();
                }
                // The largest sum of a logit and Gumbel noise is a draw from the softmax.
                double value = ChoiceFit.sum(weights, candidates[c]) - Math.log(-Math.log(random.nextDouble(1e-12, 1)));
                if (value > most) {
                    most = value;
                    chosen = c;
                }
            }
            fit.add(candidates, chosen);
        }
        double[] found = fit.fit();
        for (int f = 0; f < weights.length; f++) {
            assertThat(found[f]).isCloseTo(weights[f], within(0.05));
        }
    }
}
