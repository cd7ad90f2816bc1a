package io.github.ttt4rec.serve.store;

/**
 * The contents of a backup.
 *
 * @param users users in it
 * @param events events in it
 * @param bytes its size
 */
public record StoreCopy(long users, long events, long bytes) {}
