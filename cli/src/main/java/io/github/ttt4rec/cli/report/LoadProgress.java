package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.serve.load.Latencies;
import io.github.ttt4rec.serve.load.LoadListener;
import io.github.ttt4rec.serve.load.LoadResult;
import io.github.ttt4rec.serve.load.ServerView;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;

/** Shows how a load goes: a live line, and a line of a table for each interval. */
public final class LoadProgress implements LoadListener {
    private final PrintWriter out;
    private final ProgressLine line;
    private boolean headed;

    public LoadProgress(PrintWriter out, ProgressLine line) {
        this.out = out;
        this.line = line;
    }

    @Override
    public void connected(ServerView server) {
        DataReport.section(
                out,
                "Server",
                Text.format(
                        "model %s (%s), %,d items, history policy %s",
                        server.model(), server.type(), server.items(), server.policy()));
        out.flush();
    }

    @Override
    public void preloading(long done, long all) {
        line.show(() -> Text.format("first events: %,d of %,d", done, all));
    }

    @Override
    public void warmingUp(double seconds, long failed) {
        line.show(() -> Text.format("warming up: %.0f s, %,d failed", seconds, failed));
    }

    @Override
    public void running(double seconds, double rate, Latencies recent, long failed) {
        line.show(() -> Text.format(
                "%s  %,.0f requests/s  p50 %.2f ms  p99 %.2f ms  %,d failed",
                Text.clock(seconds), rate, recent.p50(), recent.p99(), failed));
    }

    @Override
    public void interval(LoadResult.Interval interval) {
        line.clear();
        if (!headed) {
            headed = true;
            out.println();
            out.println(LoadReport.INTERVAL_HEAD);
        }
        out.println(LoadReport.line(interval));
        out.flush();
    }
}
