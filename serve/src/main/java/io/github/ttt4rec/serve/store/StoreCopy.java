package io.github.ttt4rec.serve.store;

/**
 * The contents of a backup.
 *
 * @param users the number of users
 * @param events the number of events
 * @param bytes the size of the file
 */
public record StoreCopy(long users, long events, long bytes) {}
