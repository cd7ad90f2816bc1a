package io.github.ttt4rec.serve.engine;

/**
 * Counters since the engine was opened, and its current contents.
 *
 * @param users the number of users in the store
 * @param events the number of events in the store
 * @param accepted the number of accepted events
 * @param duplicates the number of events that were already stored
 * @param cachedUsers the number of users whose last vector is in memory
 * @param cachedStates the number of users whose fast weights are in memory
 * @param cacheBytes the memory of both, in bytes
 * @param cacheLimitBytes the limit of that memory, in bytes
 * @param hits the number of reads served from memory
 * @param misses the number of reads that needed the store
 * @param evictions the number of users' states evicted for lack of memory
 * @param replays the number of states rebuilt from events
 * @param replayedEvents the number of events replayed for that
 * @param forgottenIdle the number of users forgotten because they were idle for too long
 * @param commits the number of the store's transactions
 * @param commitNanos the time of their commits in nanoseconds, waiting for the disk included
 * @param storeBytes the size of the store's file and its log
 * @param shown the number of items shown to users
 * @param taken the number of those that were taken within a day
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
