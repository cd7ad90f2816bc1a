package io.github.ttt4rec.benchmarks.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a load test.
 *
 * @param config the load
 * @param server the server at the start
 * @param preloaded the number of events sent before
 * @param seconds the measured time; less than configured if the run was stopped
 * @param requests the number of requests due in that time
 * @param inTime the number of those that got any response in that time
 * @param all times of successful requests, from the moment each was due
 * @param events times of events
 * @param recommendations times of recommendations
 * @param lateness delays of sending, because all connections were busy or this program was not scheduled
 * @param failures failed requests by cause
 * @param warmupFailures the same during the warm-up
 * @param retries the number of requests sent again without a response; an event keeps its id
 * @param duplicates the number of events that the server already had
 * @param cold the number of recommendations to users unknown to the server
 * @param processorSeconds the CPU time of this program during the measurement
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
    /** The minimum share of the configured rate that must be answered; the rest may be in flight at the end. */
    private static final double REACHED = 0.99;

    /**
     * Requests that failed in the same way.
     *
     * @param count the number of failures
     * @param example the details of the first one
     */
    public record Failure(long count, String example) {}

    /**
     * An interval of the measurement.
     *
     * @param end seconds from the start to its end
     * @param rate successful requests per second
     * @param latencies the times of those requests
     * @param failed the number of failed requests
     * @param memory the server's memory and files at the end of the interval; null if it does not report them
     */
    public record Interval(
            double end,
            double rate,
            Latencies latencies,
            long failed,
            @Nullable ServerMemory memory) {}

    /** Returns the number of requests answered per second. */
    public double rate() {
        return inTime / seconds;
    }

    /** Returns whether the server kept up with the configured rate. */
    public boolean rateReached() {
        return rate() >= REACHED * requests / seconds;
    }

    /** Returns the number of failed requests, including those before the measurement. */
    public long failed() {
        return count(failures) + count(warmupFailures);
    }

    private static long count(Map<String, Failure> failures) {
        return failures.values().stream().mapToLong(Failure::count).sum();
    }
}
