package io.github.ttt4rec.serve.engine;

/**
 * Counters since the engine was opened, and what it holds now.
 *
 * @param users users in the store
 * @param events events in the store
 * @param accepted events accepted
 * @param duplicates events that were there before
 * @param cachedUsers users whose last vector is in memory
 * @param cachedStates users whose fast weights are in memory
 * @param cacheBytes the memory of both
 * @param cacheLimitBytes what it may be at most
 * @param hits reads served from memory
 * @param misses reads that needed the store
 * @param evictions users or fast weights dropped for want of room
 * @param replays states rebuilt from events
 * @param replayedEvents events that took
 * @param forgottenIdle users forgotten because they were idle for too long
 * @param commits transactions of the store
 * @param commitNanos time spent in their commit, waiting for the disk included
 * @param storeBytes size of the store's file and its log
 * @param shown items of lists that users were shown
 * @param taken those of them that were taken within a day
 */
public record EngineStatistics(
        long users,
        long events,
        long accepted,
        long duplicates,
        long cachedUsers,
        long cachedStates,
        long cacheBytes,
        long cacheLimitBytes,
        long hits,
        long misses,
        long evictions,
        long replays,
        long replayedEvents,
        long forgottenIdle,
        long commits,
        long commitNanos,
        long storeBytes,
        long shown,
        long taken) {}
