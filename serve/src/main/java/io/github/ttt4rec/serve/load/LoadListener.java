package io.github.ttt4rec.serve.load;

/** Hears how a load goes, on the thread that runs it. */
public interface LoadListener {
    /** The server has answered. */
    void connected(ServerView server);

    /** So many of the events that users have at first are there. */
    void preloading(long done, long all);

    /** The server has warmed up for {@code seconds}; so many requests failed. */
    void warmingUp(double seconds, long failed);

    /**
     * About every second of the measured time.
     *
     * @param seconds since its start
     * @param rate requests answered well a second, of late
     * @param recent how long they took
     * @param failed requests that failed so far
     */
    void running(double seconds, double rate, Latencies recent, long failed);

    /** The end of an interval of the measured time. */
    void interval(LoadResult.Interval interval);
}
