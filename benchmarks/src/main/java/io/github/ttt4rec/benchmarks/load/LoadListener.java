package io.github.ttt4rec.benchmarks.load;

/** Receives the progress of a load, on the thread that runs it. */
interface LoadListener {
    /** The server has answered. */
    void connected(ServerView server);

    /** Users are about to get {@code all} first events. */
    void preloading(long all);

    /** Requests are about to be sent for {@code seconds} without being measured. */
    void warmingUp(double seconds);

    /** An interval of the measured time has ended. */
    void interval(LoadResult.Interval interval);
}
