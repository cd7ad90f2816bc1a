package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;

/** Shows the progress of a load: phases on standard error, a table row for each interval on standard output. */
final class LoadProgress implements LoadListener {
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean headed;

    LoadProgress(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void connected(ServerView server) {
        LoadReport.section(
                out,
                "Server",
                Text.format(
                        "model %s (%s), %,d items, history policy %s",
                        server.model(), server.type(), server.items(), server.policy()));
        out.flush();
    }

    @Override
    public void preloading(long all) {
        say(Text.format("appending %,d first events ...", all));
    }

    @Override
    public void warmingUp(double seconds) {
        say(Text.format("warming up for %.0f s ...", seconds));
    }

    private void say(String text) {
        err.println("benchmarks: " + text);
        err.flush();
    }

    @Override
    public void interval(LoadResult.Interval interval) {
        if (!headed) {
            headed = true;
            out.println();
            out.println(LoadReport.INTERVAL_HEAD);
        }
        out.println(LoadReport.line(interval));
        out.flush();
    }
}
