package io.github.ttt4rec.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts the outcomes of one phase's requests. Any number of threads write; one reads. */
final class Tally {
    private static final int DIGITS = 3;

    private final Recorder events;
    private final Recorder recommendations;
    private final Recorder lateness;
    private final Histogram allEvents;
    private final Histogram allRecommendations;
    private final long highest;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final LongAdder failed = new LongAdder();
    private final LongAdder inTime = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder cold = new LongAdder();

    /** Requests that failed in the same way, with the first one's particulars. */
    private record Failure(LongAdder count, String example) {}

    /** Times up to {@code highestMicros} are told apart. */
    Tally(long highestMicros) {
        this.highest = Math.max(2, highestMicros);
        this.events = new Recorder(highest, DIGITS);
        this.recommendations = new Recorder(highest, DIGITS);
        this.lateness = new Recorder(highest, DIGITS);
        this.allEvents = new Histogram(highest, DIGITS);
        this.allRecommendations = new Histogram(highest, DIGITS);
    }

    /** Well answered, {@code nanos} after it was due. */
    void answered(RequestKind kind, long nanos) {
        (switch (kind) {
                    case EVENT -> events;
                    case RECOMMENDATION -> recommendations;
                })
                .recordValue(micros(nanos));
    }

    /** Answered, well or not, before the phase's end. */
    void answeredInTime() {
        inTime.increment();
    }

    /** Sent {@code nanos} after it was due. */
    void sent(long nanos) {
        lateness.recordValue(micros(nanos));
    }

    /** Not well answered. */
    void failed(String how, String particulars) {
        failed.increment();
        failures.computeIfAbsent(how, first -> new Failure(new LongAdder(), particulars))
                .count
                .increment();
    }

    /** Sent again for want of an answer. */
    void retried() {
        retries.increment();
    }

    /** An event that the server had already, as when an answer was lost. */
    void duplicate() {
        duplicates.increment();
    }

    /** A recommendation to a user of whom nothing is known. */
    void cold() {
        cold.increment();
    }

    private long micros(long nanos) {
        return Math.min(highest, Math.max(1, nanos / 1000));
    }

    /** Times since the last call, of both kinds of requests; they then belong to the whole. */
    Histogram recent() {
        Histogram recent = events.getIntervalHistogram();
        allEvents.add(recent);
        Histogram other = recommendations.getIntervalHistogram();
        allRecommendations.add(other);
        recent.add(other);
        return recent;
    }

    /** As {@link #recent}, times of all that was answered well in the phase until the last call of that. */
    Latencies latencies(RequestKind kind) {
        return Latencies.of(
                switch (kind) {
                    case EVENT -> allEvents;
                    case RECOMMENDATION -> allRecommendations;
                });
    }

    /** Both kinds together. */
    Latencies latencies() {
        Histogram all = allEvents.copy();
        all.add(allRecommendations);
        return Latencies.of(all);
    }

    /** How late requests were sent; called once, at the end. */
    Latencies lateness() {
        return Latencies.of(lateness.getIntervalHistogram());
    }

    long failed() {
        return failed.sum();
    }

    long inTime() {
        return inTime.sum();
    }

    long retries() {
        return retries.sum();
    }

    long duplicates() {
        return duplicates.sum();
    }

    long coldAnswers() {
        return cold.sum();
    }

    /** Failures by what happened, each with how often and the first one's particulars. */
    Map<String, LoadResult.Failure> failures() {
        Map<String, LoadResult.Failure> sorted = new TreeMap<>();
        failures.forEach(
                (how, failure) -> sorted.put(how, new LoadResult.Failure(failure.count.sum(), failure.example)));
        return sorted;
    }
}
