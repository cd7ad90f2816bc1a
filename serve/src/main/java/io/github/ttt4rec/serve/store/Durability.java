package io.github.ttt4rec.serve.store;

/**
 * The failures that an acknowledged event survives. A killed process never loses acknowledged events: the operating system has
 * them.
 */
public enum Durability {
    /** Power loss and a crash of the operating system: each group commit waits until the disk has it (fsync). */
    FULL,
    /** A killed process. Power loss may take the last seconds of events, but leaves a sound file of what came before. */
    NORMAL,
    /** A killed process. Power loss may damage the file: for tests, and for loads that can be repeated. */
    OFF
}
