package io.github.ttt4rec.benchmarks.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a load.
 *
 * @param config the load
 * @param server the server at the start
 * @param preloaded events that were added before
 * @param seconds how long was measured; less than asked for where the run was stopped
 * @param requests how many requests were due in that time
 * @param inTime how many of them were answered, well or not, in that time
 * @param all how long all took, from when each was due; those not answered well are not among them
 * @param events how long events took
 * @param recommendations how long recommendations took
 * @param lateness how late requests were sent, as all connections were busy or this program did not get to run
 * @param failures requests not answered well, by what happened
 * @param warmupFailures the same of the time before measuring
 * @param retries how often a request was sent again for want of an answer; an event keeps its id then
 * @param duplicates events that the server had already
 * @param cold recommendations to users of whom the server knew nothing
 * @param processorSeconds processor time that this program took while measuring
 * @param intervals how it went from time to time
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
    /** Of the rate asked for so much must be answered; the rest may be under way when the time is over. */
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
