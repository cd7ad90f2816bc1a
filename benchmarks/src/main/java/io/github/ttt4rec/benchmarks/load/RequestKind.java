package io.github.ttt4rec.benchmarks.load;

/** What a request of the load does. */
public enum RequestKind {
    /** Appends one event of a user. */
    EVENT,
    /** Asks what to recommend to a user. */
    RECOMMENDATION
}
