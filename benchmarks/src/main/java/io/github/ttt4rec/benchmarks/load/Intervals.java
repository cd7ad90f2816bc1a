package io.github.ttt4rec.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Cuts the measured time into intervals. Not thread-safe. */
final class Intervals {
    private final Tally tally;
    private final LoadListener listener;
    private final Supplier<@Nullable ServerMemory> memory;
    private final double length;
    private final List<LoadResult.Interval> all = new ArrayList<>();
    private @Nullable Histogram times;
    private double begin;
    private double nextEnd;
    private long failedBefore;

    /** Creates intervals of {@code length} seconds, with a reading of {@code memory} at the end of each. */
    Intervals(Tally tally, LoadListener listener, double length, Supplier<@Nullable ServerMemory> memory) {
        this.tally = tally;
        this.listener = listener;
        this.length = length;
        this.memory = memory;
        this.nextEnd = length;
    }

    /** Ends the current interval if it is over at {@code seconds} since the start. */
    void tick(double seconds) {
        Histogram recent = tally.recent();
        Histogram sum = recent;
        if (times != null) {
            sum = times;
            sum.add(recent);
        }
        times = sum;
        if (seconds >= nextEnd) {
            cut(seconds, sum);
            nextEnd += length;
        }
    }

    /** Ends the measurement; the remaining time is the last interval. */
    void end(double seconds) {
        Histogram sum = tally.recent();
        if (times != null) {
            sum.add(times);
        }
        if (sum.getTotalCount() > 0) {
            cut(seconds, sum);
        }
    }

    private void cut(double seconds, Histogram sum) {
        LoadResult.Interval interval = new LoadResult.Interval(
                seconds,
                sum.getTotalCount() / (seconds - begin),
                Latencies.of(sum),
                tally.failed() - failedBefore,
                memory.get());
        all.add(interval);
        listener.interval(interval);
        times = null;
        begin = seconds;
        failedBefore = tally.failed();
    }

    List<LoadResult.Interval> all() {
        return List.copyOf(all);
    }
}
