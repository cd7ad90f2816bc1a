package io.github.ttt4rec.data;

/** What the numbers in a time column count. */
public enum EpochUnit {
    /** Guessed once for the whole file, by the magnitude that most of its times have. */
    AUTO,
    /** Nothing but the order: the numbers are kept as they are. */
    ORDINAL,
    /** Seconds since 1970-01-01T00:00Z. */
    SECONDS,
    /** Milliseconds since 1970-01-01T00:00Z. */
    MILLISECONDS,
    /** Microseconds since 1970-01-01T00:00Z. */
    MICROSECONDS,
    /** Nanoseconds since 1970-01-01T00:00Z. */
    NANOSECONDS
}
