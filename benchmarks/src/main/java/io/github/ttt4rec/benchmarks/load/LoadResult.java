package io.github.ttt4rec.benchmarks.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a load test.
 *
 * @param config the load
 * @param server the server at the start
 * @param preloaded events that were added before
 * @param seconds how long was measured; less than configured if the run was stopped
 * @param requests the number of requests due in that time
 * @param inTime the number of them that got any response in that time
 * @param all times of successful requests, counted from when each was due
 * @param events times of events
 * @param recommendations times of recommendations
 * @param lateness delays between due and sent, because all connections were busy or this program was not scheduled
 * @param failures failed requests by cause
 * @param warmupFailures the same during the warm-up
 * @param retries the number of requests sent again without a response; an event keeps its id
 * @param duplicates events that the server had already
 * @param cold recommendations to users unknown to the server
 * @param processorSeconds processor time that this program took while measuring
 * @param intervals results by interval
 * @param stopped whether it was stopped before its end
 */
public record LoadResult(
        LoadConfig config,
        ServerView server,
        long preloaded,
        double seconds,
        long requests,
        long inTime,
        Latencies all,
        Latencies events,
        Latencies recommendations,
        Latencies lateness,
        Map<String, Failure> failures,
        Map<String, Failure> warmupFailures,
        long retries,
        long duplicates,
        long cold,
        double processorSeconds,
        List<Interval> intervals,
        boolean stopped) {
    /** The share of the configured rate that must be answered; the rest may be in flight at the end. */
    private static final double REACHED = 0.99;

    /**
     * Requests that failed in the same way.
     *
     * @param count how many
     * @param example particulars of the first one
     */
    public record Failure(long count, String example) {}

    /**
     * A part of the time.
     *
     * @param end seconds from the start to its end
     * @param rate requests answered well a second
     * @param latencies how long they took
     * @param failed how many failed
     * @param memory what the server says of its memory and files at the end; null if it does not
     */
    public record Interval(
            double end,
            double rate,
            Latencies latencies,
            long failed,
            @Nullable ServerMemory memory) {}

    /** Requests answered a second. */
    public double rate() {
        return inTime / seconds;
    }

    /** Returns whether the server kept up with the rate asked for. */
    public boolean rateReached() {
        return rate() >= REACHED * requests / seconds;
    }

    /** How many requests failed, before measuring too. */
    public long failed() {
        return count(failures) + count(warmupFailures);
    }

    private static long count(Map<String, Failure> failures) {
        return failures.values().stream().mapToLong(Failure::count).sum();
    }
}
