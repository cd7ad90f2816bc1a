package io.github.ttt4rec.serve.store;

/**
 * Counts of the store's contents, and of the work since it was opened.
 *
 * @param users the number of users in the store
 * @param events the number of kept events
 * @param accepted the number of accepted events
 * @param duplicates the number of events that were already stored
 * @param commits the number of transactions
 * @param commitNanos the time of their commits in nanoseconds, waiting for the disk included
 * @param bytes the size of the file and its log
 * @param shown the number of items shown to users
 * @param taken the number of those that were taken within a day
 */
public record StoreStatistics(
        long users,
        long events,
        long accepted,
        long duplicates,
        long commits,
        long commitNanos,
        long bytes,
        long shown,
        long taken) {}
