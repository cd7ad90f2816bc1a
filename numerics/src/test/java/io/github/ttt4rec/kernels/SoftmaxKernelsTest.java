package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The parts of softmax; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class SoftmaxKernelsTest extends KernelsContract {
    SoftmaxKernelsTest(Named implementation) {
        super(implementation);
    }

    @Test
    void max() {
        for (int n : lengths()) {
            for (int at : new int[] {0, n / 2, n - 1}) {
                float[] x = array(n);
                for (int i = 0; i < n; i++) {
                    x[GUARD + i] -= 5f;
                }
                x[GUARD + at] = -2.5f;
                assertThat(kernels.max(n, x, GUARD)).as("max of %d", n).isEqualTo(-2.5f);
            }
        }
        float[] infinite = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        assertThat(kernels.max(3, infinite, 0)).isEqualTo(Float.NEGATIVE_INFINITY);
        for (int at = 0; at < 21; at++) {
            float[] x = new float[21];
            x[at] = Float.NaN;
            assertThat(kernels.max(21, x, 0)).as("NaN at %d", at).isNaN();
        }
    }

    @Test
    void countNotLess() {
        for (int n : lengths()) {
            float[] x = array(n);
            x[GUARD + n / 2] = Float.NaN;
            x[GUARD + n - 1] = 0.25f;
            int expected = 0;
            for (int i = 0; i < n; i++) {
                expected += x[GUARD + i] < 0.25f ? 0 : 1;
            }
            assertThat(kernels.countNotLess(n, x, GUARD, 0.25f)).as("of %d", n).isEqualTo(expected);
            assertThat(kernels.countNotLess(n, x, GUARD, Float.NaN))
                    .as("NaN threshold")
                    .isEqualTo(n);
        }
        float[] nan = new float[40];
        Arrays.fill(nan, Float.NaN);
        assertThat(kernels.countNotLess(40, nan, 0, 0f)).isEqualTo(40);
        assertThat(kernels.countNotLess(3, new float[] {-0f, 0f, -1f}, 0, 0f)).isEqualTo(2);
    }

    @Test
    void expAndSum() {
        for (int n : lengths()) {
            float[] x = array(n);
            Expected expected = new Expected(x);
            double sum = 0;
            for (int i = 0; i < n; i++) {
                double e = Math.exp(x[GUARD + i] - 0.5);
                expected.set(GUARD + i, e, 4 * ULP);
                sum += e;
            }
            float actual = kernels.expAndSum(n, x, GUARD, 0.5f);
            expected.check("expAndSum " + n, x);
            assertThat((double) actual).as("sum of %d", n).isCloseTo(sum, within(4 * tolerance(n)));
        }
    }

    /** The largest error over [-87, 88] in units in the last place; the optimum for a float is 0.5. */
    @Test
    void expIsWithinItsBoundEverywhere() {
        int points = 1 << 20;
        float[] x = new float[4096];
        double worst = 0;
        float worstAt = 0;
        for (int from = 0; from < points; from += x.length) {
            float[] arguments = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                arguments[i] = (float) (-87 + 175.0 * (from + i) / (points - 1));
                x[i] = arguments[i];
            }
            kernels.expAndSum(x.length, x, 0, 0f);
            for (int i = 0; i < x.length; i++) {
                double exact = Math.exp(arguments[i]);
                double error = Math.abs(x[i] - exact) / Math.ulp((float) exact);
                if (error > worst) {
                    worst = error;
                    worstAt = arguments[i];
                }
            }
        }
        assertThat(worst).as("ulp, at %s", worstAt).isLessThan(EXP_ULP);
    }

    private static final double EXP_ULP = 1.5;

    @Test
    void expOfTheVerySmallIsZeroAsFarAsASumCanTell() {
        for (int n : new int[] {1, 5, 16, 37}) {
            for (float far : new float[] {-88f, -104f, -1000f, -1e30f, Float.NEGATIVE_INFINITY}) {
                float[] x = new float[n];
                Arrays.fill(x, far);
                x[0] = 0f;
                assertThat(kernels.expAndSum(n, x, 0, 0f)).isEqualTo(1f);
                for (int i = 1; i < n; i++) {
                    assertThat(x[i]).isBetween(0f, 1.2e-38f);
                }
            }
        }
    }

    @Test
    void expOfNanIsNan() {
        float[] x = new float[20];
        x[3] = Float.NaN;
        assertThat(kernels.expAndSum(20, x, 0, 0f)).isNaN();
        assertThat(x[3]).isNaN();
    }
}
