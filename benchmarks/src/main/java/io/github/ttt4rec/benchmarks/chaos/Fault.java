package io.github.ttt4rec.benchmarks.chaos;

/** A fault that the campaign causes in a server. */
enum Fault {
    /** {@code kill -9} under load. */
    KILL,
    /** SIGTERM under load: must end with 0. */
    STOP,
    /** SIGSTOP for some seconds, then SIGCONT. */
    FREEZE,
    /** Hundreds of connections that send nothing, or half a request. */
    SLOW_CLIENTS,
    /** Fewer descriptors than clients. */
    FEW_DESCRIPTORS,
    /** Many of the largest bodies at once. */
    LARGE_BODIES,
    /** The disk is full for a while (a small file system, for which root is needed). */
    FULL_DISK,
    /** The disk takes no more writes for a while (the same). */
    READ_ONLY,
    /** A byte of the database is changed while the server is down. */
    DAMAGED_DATABASE,
    /** A byte of the log is changed after a kill. */
    DAMAGED_LOG,
    /** The end of the log is lost after a kill. */
    LOST_LOG,
    /** Writes and flushes of the disk fail for a while (EIO, by strace). */
    FAILING_DISK,
    /** A small heap and many of the largest bodies: 503, or an end with exit code 3. */
    SMALL_HEAP,
    /** The clock jumps by a year, forwards and back (by libfaketime), and users not seen for a month are to be forgotten. */
    CLOCK,
    /** Another model is swapped in. */
    SWAP,
    /** A model with a changed byte is swapped in. */
    DAMAGED_MODEL,
    /** The database is deleted under the running server. */
    DELETED_DATABASE,
    /** A user is forgotten. */
    FORGET,
    /** Requests that are no HTTP, or odd HTTP. */
    FUZZ
}
