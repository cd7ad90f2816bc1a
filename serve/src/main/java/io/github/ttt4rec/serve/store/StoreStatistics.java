package io.github.ttt4rec.serve.store;

/**
 * The store's contents, and the work done since it was opened.
 *
 * @param users users in the store
 * @param events events kept
 * @param accepted events accepted
 * @param duplicates events that were there before
 * @param commits transactions
 * @param commitNanos time spent in committing them: waiting for the disk
 * @param bytes size of the file and its log
 * @param shown items of lists that users were shown
 * @param taken those of them that were taken within a day
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
