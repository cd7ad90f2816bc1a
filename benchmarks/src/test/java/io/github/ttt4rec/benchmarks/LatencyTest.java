package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
    @Test
    void quantileIsTheSmallestTimeThatSoManyDidNotExceed() {
        Latency latency = Latency.of(
                LongStream.rangeClosed(1, 200).map(i -> 201_000 - 1000 * i).toArray());
        assertThat(latency.quantile(0.5)).isEqualTo(100_000);
        assertThat(latency.quantile(0.99)).isEqualTo(198_000);
        assertThat(latency.quantile(1)).isEqualTo(200_000);
        assertThat(latency.micros(0.5)).isEqualTo("100.0 µs");
    }

    @Test
    void warmUpCallsAreNotAmongTheTimes() {
        int[] calls = new int[1];
        assertThat(Latency.of(3, 5, () -> calls[0]++).sorted()).hasSize(5);
        assertThat(calls[0]).isEqualTo(8);
    }
}
