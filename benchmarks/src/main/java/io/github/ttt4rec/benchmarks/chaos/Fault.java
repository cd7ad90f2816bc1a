package io.github.ttt4rec.benchmarks.chaos;

/** A fault that the campaign causes in a server. */
enum Fault {
    /** {@code kill -9} under load. */
    KILL,
    /** SIGTERM under load; the server must exit with 0. */
    STOP,
    /** SIGSTOP for some seconds, then SIGCONT. */
    FREEZE,
    /** Hundreds of connections that send nothing, or half a request. */
    SLOW_CLIENTS,
    /** A limit of open files below the number of clients. */
    FEW_DESCRIPTORS,
    /** Many bodies of the maximum size at once. */
    LARGE_BODIES,
    /** The disk is full for a while (a small file system, which needs root). */
    FULL_DISK,
    /** The disk is read-only for a while (also needs root). */
    READ_ONLY,
    /** A byte of the database is changed while the server is down. */
    DAMAGED_DATABASE,
    /** A byte of the log is changed after a kill. */
    DAMAGED_LOG,
    /** The end of the log is cut off after a kill. */
    LOST_LOG,
    /** Writes and flushes of the disk fail for a while (EIO, by strace). */
    FAILING_DISK,
    /** A small heap and many bodies of the maximum size; the server must answer 503 or exit with 3. */
    SMALL_HEAP,
    /**
     * The clock jumps by a year, forwards and back (by libfaketime), while the server forgets users who were idle for a
     * month.
     */
    CLOCK,
    /** Another model is swapped in. */
    SWAP,
    /** A model with a changed byte is swapped in. */
    DAMAGED_MODEL,
    /** The database is deleted under the running server. */
    DELETED_DATABASE,
    /** A user is forgotten. */
    FORGET,
    /** Requests that are not HTTP, or malformed HTTP. */
    FUZZ
}
