package io.github.ttt4rec.eval;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.eval.internal.MetricSet;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes evaluation results for people (as a table) and for programs (as JSON or CSV). Item and user ids are external
 * ids.
 */
public final class EvaluationReport {
    private static final int LINE_WIDTH = 80;
    private static final int INTERVAL_WIDTH = "    0.0000 .. 0.0000".length();
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private EvaluationReport() {}

    /** A table of at most 80 columns under a description of its protocol; each line ends with a line feed. */
    public static String table(EvaluationResult result) {
        StringBuilder text = new StringBuilder();
        EvaluationProtocol protocol = result.protocol();
        appendWrapped(text, "Protocol: ", protocol.describe());
        text.append(String.format(
                Locale.ROOT,
                "Cases:    %,d of %,d users, in %.1f s (%,.0f cases/s)\n",
                result.cases(),
                result.users(),
                result.seconds(),
                result.casesPerSecond()));
        text.append('\n');
        boolean intervals = result.resamples() > 0;
        EvaluationResult.Targets fresh = result.newTargets();
        EvaluationResult.Targets repeated = result.repeatedTargets();
        boolean apart = fresh.cases() > 0 && repeated.cases() > 0;
        text.append(String.format(
                "  %-9s %7s%s%s\n",
                "metric",
                "value",
                intervals ? "    95 % interval" + (apart ? "   " : "") : "",
                apart ? "    new targets  repeated" : ""));
        for (Metric metric : result.metrics()) {
            Metric.Interval interval = metric.interval();
            text.append(String.format(Locale.ROOT, "  %-9s %7.4f", metric.name(), metric.value()));
            if (interval != null) {
                text.append(String.format(Locale.ROOT, "    %.4f .. %.4f", interval.low(), interval.high()));
            } else if (apart && intervals) {
                text.repeat(" ", INTERVAL_WIDTH);
            }
            if (apart) {
                text.append(String.format(
                        Locale.ROOT, "    %11.4f  %8.4f", fresh.value(metric.name()), repeated.value(metric.name())));
            }
            text.append('\n');
        }
        if (apart) {
            text.append(String.format(
                    Locale.ROOT,
                    "  The target is new to the user in %,d cases and repeated in %,d.\n",
                    fresh.cases(),
                    repeated.cases()));
        }
        text.append('\n');
        text.append("Ties count against the recommender. HR@k is also Recall@k: one target a case.\n");
        if (intervals) {
            text.append(String.format(
                    Locale.ROOT,
                    "Intervals: bootstrap over users, %,d resamples, seed %d.\n",
                    result.resamples(),
                    result.seed()));
        }
        return text.toString();
    }

    /** JSON with keys in a fixed order, with a line feed at the end. */
    public static String json(EvaluationResult result) {
        Map<String, Object> protocol = new LinkedHashMap<>();
        protocol.put("split", result.protocol().split());
        protocol.put("part", result.protocol().partName());
        protocol.put("ranking", "full");
        protocol.put("items", result.protocol().items());
        protocol.put("name", result.protocol().protocol().word());
        protocol.put("window", result.protocol().window());
        protocol.put("ties", "against the recommender");
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("protocol", protocol);
        tree.put("users", result.users());
        tree.put("cases", result.cases());
        tree.put("seconds", result.seconds());
        tree.put("cases_per_second", result.casesPerSecond());
        if (result.resamples() > 0) {
            Map<String, Object> intervals = new LinkedHashMap<>();
            intervals.put("level", 0.95);
            intervals.put("method", "percentile bootstrap over users");
            intervals.put("resamples", result.resamples());
            intervals.put("seed", result.seed());
            tree.put("intervals", intervals);
        }
        Map<String, Object> metrics = new LinkedHashMap<>();
        for (Metric metric : result.metrics()) {
            metrics.put(metric.name(), metricTree(metric));
        }
        for (Metric metric : result.metrics()) {
            if (metric.name().startsWith("HR@")) {
                metrics.put("Recall@" + metric.name().substring("HR@".length()), metricTree(metric));
            }
        }
        tree.put("metrics", metrics);
        if (result.protocol().protocol() == Protocol.ALL) {
            Map<String, Object> targets = new LinkedHashMap<>();
            targets.put("new", targetsTree(result.newTargets()));
            targets.put("repeated", targetsTree(result.repeatedTargets()));
            tree.put("targets", targets);
        }
        return JSON.writeValueAsString(tree) + "\n";
    }

    /**
     * Writes CSV with one line per user: {@code user,cases} and each metric averaged over the user's cases.
     *
     * @param out the writer, which is left open
     */
    public static void writeUsers(EvaluationResult result, Writer out) {
        MetricSet set = new MetricSet(result.ks());
        CaseRanks ranks = result.ranks();
        CsvWriter csv = csv(out);
        List<String> header = new ArrayList<>(List.of("user", "cases"));
        header.addAll(set.names());
        csv.writeRecord(header);
        for (int from = 0; from < ranks.size(); ) {
            int end = ranks.endOfUser(from);
            double[] sums = new double[set.size()];
            for (int i = from; i < end; i++) {
                set.add(ranks.ranks()[i], sums, 0);
            }
            List<String> fields = new ArrayList<>();
            fields.add(userName(ranks, from));
            fields.add(Integer.toString(end - from));
            for (double sum : sums) {
                fields.add(Double.toString(sum / (end - from)));
            }
            csv.writeRecord(fields);
            from = end;
        }
    }

    /**
     * Writes CSV with one line per case: {@code user,position,item,rank}; {@code position} is the 1-based position of
     * the target in the user's sequence, so that {@code position - 1} items were known before it.
     *
     * @param out the writer, which is left open
     */
    public static void writeCases(EvaluationResult result, Writer out) {
        CaseRanks ranks = result.ranks();
        Dataset data = ranks.data();
        CsvWriter csv = csv(out);
        csv.writeRecord("user", "position", "item", "rank");
        for (int i = 0; i < ranks.size(); i++) {
            int position = ranks.positions()[i];
            csv.writeRecord(
                    userName(ranks, i),
                    Integer.toString(position + 1),
                    data.items().name(data.item(ranks.users()[i], position)),
                    Integer.toString(ranks.ranks()[i]));
        }
    }

    private static String userName(CaseRanks ranks, int index) {
        return ranks.data().users().name(ranks.users()[index] + 1);
    }

    private static CsvWriter csv(Writer out) {
        // Unbuffered: the caller owns and flushes the writer.
        return CsvWriter.builder().bufferSize(0).lineDelimiter(LineDelimiter.LF).build(out);
    }

    private static Map<String, Object> targetsTree(EvaluationResult.Targets targets) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        targets.metrics().forEach(metric -> metrics.put(metric.name(), metric.value()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("cases", targets.cases());
        tree.put("metrics", metrics);
        return tree;
    }

    private static Map<String, Object> metricTree(Metric metric) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("value", metric.value());
        Metric.Interval interval = metric.interval();
        if (interval != null) {
            tree.put("low", interval.low());
            tree.put("high", interval.high());
        }
        return tree;
    }

    private static void appendWrapped(StringBuilder text, String label, String content) {
        text.append(label);
        int column = label.length();
        boolean lineIsEmpty = true;
        for (String word : content.split(" ", -1)) {
            if (!lineIsEmpty && column + 1 + word.length() > LINE_WIDTH) {
                text.append('\n').repeat(" ", label.length());
                column = label.length();
                lineIsEmpty = true;
            }
            if (!lineIsEmpty) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
            lineIsEmpty = false;
        }
        text.append('\n');
    }
}
