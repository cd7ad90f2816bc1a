package io.github.ttt4rec.serve.store;

/**
 * The failures that acknowledged events survive. They always survive a killed process, because the operating system
 * already has them.
 */
public enum Durability {
    /** Power loss and a crash of the operating system: each group commit waits for the disk (fsync). */
    FULL,
    /**
     * A killed process. Power loss may lose the last seconds of events, but leaves a valid file with all earlier
     * events.
     */
    NORMAL,
    /** A killed process. Power loss may damage the file; use this for tests and for imports that can be repeated. */
    OFF
}
