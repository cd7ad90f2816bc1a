package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FastLogTest {
    @Test
    void logarithmIsCloseAndNeverDecreases() {
        float before = -1;
        for (float x = 0; x < 6e4f; x = x < 1 ? x + 1e-4f : x * 1.0003f) {
            float log = FastLog.log1p(x);
            assertThat((double) log).isCloseTo(Math.log1p(x), within(1.0 / 256));
            assertThat(log).isGreaterThanOrEqualTo(before);
            before = log;
        }
        assertThat(FastLog.log1p(0)).isZero();
        assertThat(FastLog.log1p(Float.MAX_VALUE)).isEqualTo(FastLog.log1p(1e6f));
    }
}
