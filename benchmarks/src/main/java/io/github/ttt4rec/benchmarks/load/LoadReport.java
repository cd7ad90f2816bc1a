package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints the result of a load as text and as JSON. */
final class LoadReport {
    /**
     * The header of the intervals' lines. The heap is the memory in use after the server's last collection of old
     * objects.
     */
    static final String INTERVAL_HEAD = "  until    per s    p50 ms    p99 ms    max ms  failed  heap MB  files";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private LoadReport() {}

    /** Formats a line that starts with a title of at most 8 characters. */
    static void section(PrintWriter out, String title, String text) {
        out.println(Text.format("%-8s%s", title, text));
    }

    static String line(LoadResult.Interval interval) {
        Latencies times = interval.latencies();
        ServerMemory memory = interval.memory();
        Long heap = memory == null ? null : memory.liveHeapBytes();
        Long files = memory == null ? null : memory.openFiles();
        return Text.format(
                "%7s %,8.0f %9.2f %9.2f %9.2f %,7d %8s %6s",
                Text.clock(interval.end()),
                interval.rate(),
                times.p50(),
                times.p99(),
                times.max(),
                interval.failed(),
                heap == null ? "-" : Text.format("%,d", heap >> 20),
                files == null ? "-" : Text.format("%,d", files));
    }

    static void print(PrintWriter out, LoadResult result) {
        LoadConfig config = result.config();
        out.println();
        out.println("                  answered    per s   p50 ms   p90 ms   p99 ms p99.9 ms   max ms");
        print(out, "events", result.events(), result.seconds());
        print(out, "recommendations", result.recommendations(), result.seconds());
        print(out, "together", result.all(), result.seconds());
        out.println();
        section(
                out,
                "Rate",
                Text.format(
                        "%,.0f requests/s answered of %,.0f sent, over %s%s%s",
                        result.rate(),
                        config.rate(),
                        Text.format("%.1f s", result.seconds()),
                        result.stopped() ? " (stopped early)" : "",
                        result.rateReached() ? "" : ": NOT REACHED"));
        section(
                out,
                "Load",
                Text.format(
                        "%,d connections; %,d users, %s; seed %d%s",
                        config.connections(),
                        config.users(),
                        config.skew() == 0 ? "uniform" : Text.format("drawn as 1/n^%s", config.skew()),
                        config.seed(),
                        result.preloaded() == 0 ? "" : Text.format("; %,d first events added", result.preloaded())));
        section(
                out,
                "Sent",
                Text.format(
                        "%.2f ms late at p99, %.2f at most; this command took %.2f cores",
                        result.lateness().p99(),
                        result.lateness().max(),
                        result.processorSeconds() / result.seconds()));
        if (result.cold() > 0) {
            section(
                    out,
                    "Cold",
                    Text.format(
                            "%.0f %% of the recommendations were to users without events (--preload gives them some)",
                            100.0 * result.cold() / result.recommendations().count()));
        }
        if (result.retries() > 0 || result.duplicates() > 0) {
            section(
                    out,
                    "Again",
                    Text.format(
                            "%,d requests sent again after no answer; %,d events were already stored",
                            result.retries(), result.duplicates()));
        }
        section(out, "Failed", result.failed() == 0 ? "none" : Text.format("%,d", result.failed()));
        print(out, "", result.failures());
        print(out, " during the warm-up", result.warmupFailures());
        out.flush();
    }

    private static void print(PrintWriter out, String what, Latencies times, double seconds) {
        out.println(Text.format(
                "%-16s %,9d %,8.0f %8.2f %8.2f %8.2f %8.2f %8.2f",
                what,
                times.count(),
                times.count() / seconds,
                times.p50(),
                times.p90(),
                times.p99(),
                times.p999(),
                times.max()));
    }

    private static void print(PrintWriter out, String when, Map<String, LoadResult.Failure> failures) {
        failures.forEach((how, failure) ->
                section(out, "", Text.format("%,d %s%s, such as: %s", failure.count(), how, when, failure.example())));
    }

    static String json(LoadResult result) {
        LoadConfig config = result.config();
        ObjectNode tree = JSON.createObjectNode();
        ObjectNode load = tree.putObject("load");
        load.put("url", config.target().toString())
                .put("rate", config.rate())
                .put("duration_seconds", config.duration().toSeconds())
                .put("warmup_seconds", config.warmup().toSeconds())
                .put("users", config.users())
                .put("skew", config.skew())
                .put("events_share", config.eventsShare())
                .put("k", config.k())
                .put("preload", config.preload())
                .put("connections", config.connections())
                .put("seed", config.seed());
        tree.set("server", JSON.valueToTree(result.server()));
        tree.put("seconds", result.seconds())
                .put("stopped", result.stopped())
                .put("requests", result.requests())
                .put("answered_in_time", result.inTime())
                .put("rate", result.rate())
                .put("rate_reached", result.rateReached());
        ObjectNode milliseconds = tree.putObject("milliseconds");
        milliseconds.set("events", JSON.valueToTree(result.events()));
        milliseconds.set("recommendations", JSON.valueToTree(result.recommendations()));
        milliseconds.set("together", JSON.valueToTree(result.all()));
        milliseconds.set("sent_late", JSON.valueToTree(result.lateness()));
        tree.put("failed", result.failed());
        tree.set("failures", JSON.valueToTree(result.failures()));
        tree.set("warmup_failures", JSON.valueToTree(result.warmupFailures()));
        tree.put("preloaded", result.preloaded())
                .put("retries", result.retries())
                .put("duplicates", result.duplicates())
                .put("cold", result.cold())
                .put("generator_cores", result.processorSeconds() / result.seconds());
        ArrayNode intervals = tree.putArray("intervals");
        result.intervals().forEach(interval -> intervals.add(JSON.<ObjectNode>valueToTree(interval)));
        return JSON.writeValueAsString(tree) + "\n";
    }
}
