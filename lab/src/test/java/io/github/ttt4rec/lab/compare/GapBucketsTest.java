package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.lab.compare.Results.Gap;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapBucketsTest {
    private static final long SECOND = 1_000_000;

    /** One user whose events have these times, in seconds; every event is a case. */
    private static TestCases cases(boolean hasTimes, long... seconds) {
        int[] events = new int[seconds.length];
        long[] times = new long[seconds.length];
        int[] positions = new int[seconds.length];
        for (int i = 0; i < seconds.length; i++) {
            events[i] = 1;
            times[i] = seconds[i] * SECOND;
            positions[i] = i;
        }
        Dataset data = new Dataset(
                new IdMap(List.of("u")),
                new IdMap(List.of("i")),
                new int[] {0, seconds.length},
                events,
                times,
                hasTimes,
                new DataSource("test", "", List.of()));
        return new TestCases(data, new int[seconds.length], positions);
    }

    @Test
    void bucketsCountCasesWithAHistoryByElapsedTime() {
        // Gaps of 0 s, 29 min 59 s, 30 min, 8 days, and a time before that of the last event.
        TestCases cases = cases(true, 0, 0, 1_799, 3_599, 694_799, 694_000);
        assertThat(GapBuckets.of(cases))
                .containsExactly(new Gap(0, 1_800, 3), new Gap(1_800, 86_400, 1), new Gap(7 * 86_400, 30 * 86_400, 1));
        assertThat(GapBuckets.contains(new Gap(0, Long.MAX_VALUE, 0), cases, 0)).isFalse();
    }

    @Test
    void logWithoutTimesHasNoBuckets() {
        assertThat(GapBuckets.of(cases(false, 0, 1, 2))).isEmpty();
    }
}
