package io.github.ttt4rec.benchmarks.load;

/** Ignores the progress of a load. */
record Silence() implements LoadListener {
    @Override
    public void connected(ServerView server) {}

    @Override
    public void preloading(long all) {}

    @Override
    public void warmingUp(double seconds) {}

    @Override
    public void interval(LoadResult.Interval interval) {}
}
