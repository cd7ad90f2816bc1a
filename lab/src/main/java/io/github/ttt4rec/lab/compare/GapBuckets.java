package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.lab.compare.Results.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Groups test cases by the time between the user's last event and the one to predict. */
final class GapBuckets {
    private static final long MINUTE = 60;
    private static final long DAY = 24 * 60 * MINUTE;
    /** The seconds at which buckets start. */
    private static final long[] STARTS = {0, 30 * MINUTE, DAY, 7 * DAY, 30 * DAY};

    private GapBuckets() {}

    /** The buckets with cases, shortest gaps first; none if the log has no times. */
    static List<Gap> of(TestCases cases) {
        if (!cases.data().hasTimes()) {
            return List.of();
        }
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < STARTS.length; i++) {
            Gap gap = new Gap(STARTS[i], i + 1 < STARTS.length ? STARTS[i + 1] : Long.MAX_VALUE, 0);
            int count = (int) IntStream.range(0, cases.size())
                    .filter(c -> contains(gap, cases, c))
                    .count();
            if (count > 0) {
                gaps.add(new Gap(gap.from(), gap.to(), count));
            }
        }
        return List.copyOf(gaps);
    }

    /** Returns whether a case is in a bucket. A case without a history is in none. */
    static boolean contains(Gap gap, TestCases cases, int index) {
        if (cases.positions()[index] == 0) {
            return false;
        }
        int at = cases.data().start(cases.users()[index]) + cases.positions()[index];
        long[] times = cases.data().times();
        // The order of a log may differ from that of its times.
        long seconds = Math.max(0, times[at] - times[at - 1]) / 1_000_000;
        return seconds >= gap.from() && seconds < gap.to();
    }
}
