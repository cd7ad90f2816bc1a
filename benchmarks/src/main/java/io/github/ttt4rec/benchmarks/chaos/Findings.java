package io.github.ttt4rec.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;

/** The errors that a campaign found, and the longest time of a request. Thread-safe. */
final class Findings {
    private final List<String> wrong = new ArrayList<>();
    private Fault current = Fault.KILL;
    private long longestMillis;

    /** Attributes later errors to a fault. */
    synchronized void begin(Fault fault) {
        current = fault;
    }

    synchronized void wrong(String what) {
        wrong.add(current + ": " + what);
    }

    /** Notes the time of a request that began at a value of {@link System#nanoTime}. */
    void noteTime(long begun) {
        noteMillis((System.nanoTime() - begun) / 1_000_000);
    }

    synchronized void noteMillis(long millis) {
        longestMillis = Math.max(longestMillis, millis);
        if (millis >= Client.PATIENCE.toMillis()) {
            wrong("a request took " + millis + " ms");
        }
    }

    synchronized long longestMillis() {
        return longestMillis;
    }

    /** Returns all errors so far. */
    synchronized List<String> all() {
        return List.copyOf(wrong);
    }
}
