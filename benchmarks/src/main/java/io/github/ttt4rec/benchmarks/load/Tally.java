package io.github.ttt4rec.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts the outcomes of the requests of a phase. Any number of threads may write, one thread reads. */
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

    /** Requests that failed in the same way, with the details of the first one. */
    private record Failure(LongAdder count, String example) {}

    /** Creates a tally that distinguishes times up to {@code highestMicros}. */
    Tally(long highestMicros) {
        this.highest = Math.max(2, highestMicros);
        this.events = new Recorder(highest, DIGITS);
        this.recommendations = new Recorder(highest, DIGITS);
        this.lateness = new Recorder(highest, DIGITS);
        this.allEvents = new Histogram(highest, DIGITS);
        this.allRecommendations = new Histogram(highest, DIGITS);
    }

    /** Records a success {@code nanos} after the request was due. */
    void answered(RequestKind kind, long nanos) {
        (switch (kind) {
                    case EVENT -> events;
                    case RECOMMENDATION -> recommendations;
                })
                .recordValue(micros(nanos));
    }

    /** Records any answer before the end of the phase. */
    void answeredInTime() {
        inTime.increment();
    }

    /** Records that a request was sent {@code nanos} after it was due. */
    void sent(long nanos) {
        lateness.recordValue(micros(nanos));
    }

    /** Records a failure. */
    void failed(String how, String particulars) {
        failed.increment();
        failures.computeIfAbsent(how, first -> new Failure(new LongAdder(), particulars))
                .count
                .increment();
    }

    /** Records a retry. */
    void retried() {
        retries.increment();
    }

    /** Records an event that the server already had, for example because an answer was lost. */
    void duplicate() {
        duplicates.increment();
    }

    /** Records a recommendation to an unknown user. */
    void cold() {
        cold.increment();
    }

    private long micros(long nanos) {
        return Math.min(highest, Math.max(1, nanos / 1000));
    }

    /** Returns the times of both kinds of requests since the last call, and adds them to the total. */
    Histogram recent() {
        Histogram recent = events.getIntervalHistogram();
        allEvents.add(recent);
        Histogram other = recommendations.getIntervalHistogram();
        allRecommendations.add(other);
        recent.add(other);
        return recent;
    }

    /** Returns the times of all successes of the phase up to the last call of {@link #recent}. */
    Latencies latencies(RequestKind kind) {
        return Latencies.of(
                switch (kind) {
                    case EVENT -> allEvents;
                    case RECOMMENDATION -> allRecommendations;
                });
    }

    /** Returns the times of both kinds of requests. */
    Latencies latencies() {
        Histogram all = allEvents.copy();
        all.add(allRecommendations);
        return Latencies.of(all);
    }

    /** Returns the delays of sending; called once, at the end. */
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

    /** Returns the failures by cause, each with its number and the details of the first one. */
    Map<String, LoadResult.Failure> failures() {
        Map<String, LoadResult.Failure> sorted = new TreeMap<>();
        failures.forEach(
                (how, failure) -> sorted.put(how, new LoadResult.Failure(failure.count.sum(), failure.example)));
        return sorted;
    }
}
