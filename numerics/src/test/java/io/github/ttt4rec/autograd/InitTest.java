package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Parameter.Init;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Initialisation: checks the bounds, and the spread within sampling error. */
class InitTest {
    private static final int ROWS = 300;
    private static final int COLUMNS = 100;

    private static float[] draw(Init init) {
        float[] values = new float[ROWS * COLUMNS];
        init.fill(values, new int[] {ROWS, COLUMNS}, new SplittableRandom(5));
        return values;
    }

    private static double standardDeviation(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    private static void assertUniform(Init init, double bound) {
        float[] values = draw(init);
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isLessThanOrEqualTo(bound * 1.000001).isGreaterThan(0.999 * bound);
        assertThat(standardDeviation(values)).isCloseTo(bound / Math.sqrt(3), within(0.01 * bound));
    }

    @Test
    void uniform() {
        assertUniform(Init.uniform(0.25), 0.25);
        assertUniform(Init.UNIFORM_FAN_IN, 1 / Math.sqrt(COLUMNS));
        assertUniform(Init.XAVIER_UNIFORM, Math.sqrt(6.0 / (ROWS + COLUMNS)));
    }

    @Test
    void normal() {
        assertThat(standardDeviation(draw(Init.NORMAL))).isCloseTo(0.02, within(0.0003));
        double xavier = Math.sqrt(2.0 / (ROWS + COLUMNS));
        assertThat(standardDeviation(draw(Init.XAVIER_NORMAL))).isCloseTo(xavier, within(0.015 * xavier));
    }

    @Test
    void constants() {
        assertThat(draw(Init.ZERO)).containsOnly(0f);
        assertThat(draw(Init.ONE)).containsOnly(1f);
        assertThat(draw(Init.constant(-2))).containsOnly(-2f);
    }

    @Test
    void paddingRowOfATableIsZero() {
        float[] plain = draw(Init.XAVIER_NORMAL);
        float[] table = draw(Init.XAVIER_NORMAL.withZeroPadding());
        for (int i = 0; i < table.length; i++) {
            assertThat(table[i]).isEqualTo(i < COLUMNS ? 0f : plain[i]);
        }
    }
}
