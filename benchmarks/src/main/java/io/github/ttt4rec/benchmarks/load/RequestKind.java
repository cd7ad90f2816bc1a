package io.github.ttt4rec.benchmarks.load;

/** The kinds of requests. */
public enum RequestKind {
    /** Appends one event of a user. */
    EVENT,
    /** Requests recommendations for a user. */
    RECOMMENDATION
}
