package io.github.ttt4rec.benchmarks.load;

/** Receives the progress of a load, on the thread that runs the load. */
interface LoadListener {
    /** Called when the server has answered for the first time. */
    void connected(ServerView server);

    /** Called before {@code all} first events are sent. */
    void preloading(long all);

    /** Called before a warm-up of {@code seconds}. */
    void warmingUp(double seconds);

    /** Called at the end of each interval of the measurement. */
    void interval(LoadResult.Interval interval);
}
