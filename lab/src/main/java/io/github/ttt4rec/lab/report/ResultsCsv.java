package io.github.ttt4rec.lab.report;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.RunResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as CSV: runs in one table, means over seeds in another. Times are in seconds. */
final class ResultsCsv {
    private static final List<String> MEANS = List.of("HR@10", "NDCG@10", "HR@50", "NDCG@50");

    private ResultsCsv() {}

    /** One row for each run and protocol. */
    static String runs(Results results) {
        List<String> metrics = List.copyOf(results.runs().getFirst().metrics().keySet());
        StringBuilder out = new StringBuilder("model,seed,training_fraction,protocol,cases,");
        out.append(String.join(",", metrics))
                .append(",epochs,best_epoch,parameters,train_seconds,seconds,test_cases_per_second,peak_heap_mb,"
                        + "coverage@10,gini@10,novelty@10,popularity_rank@10\n");
        for (RunResult run : results.runs()) {
            row(out, run, Protocol.ALL, new RunResult.Figures(run.cases(), run.metrics()), metrics);
            if (run.unseen() != null) {
                row(out, run, Protocol.UNSEEN, run.unseen(), metrics);
            }
        }
        return out.toString();
    }

    private static void row(
            StringBuilder out, RunResult run, Protocol protocol, RunResult.Figures figures, List<String> metrics) {
        List<@Nullable Object> cells = new ArrayList<>(
                List.of(run.key().method(), run.key().seed(), run.key().fraction(), protocol.word(), figures.cases()));
        metrics.forEach(metric -> cells.add(figures.metrics().get(metric)));
        cells.addAll(List.of(
                run.epochs().size(),
                run.bestEpoch(),
                run.parameters(),
                run.times().trainSeconds(),
                run.times().wholeSeconds(),
                run.times().casesPerSecond(),
                run.times().peakHeapBytes() >> 20,
                run.recommended().coverage(),
                run.recommended().gini(),
                run.recommended().novelty(),
                run.recommended().popularityRank()));
        row(out, cells);
    }

    /**
     * One row for each model, protocol and metric, with mean and interval and, under protocol all, the deviation over
     * seeds.
     */
    static String means(Results results) {
        StringBuilder out = new StringBuilder("model,protocol,metric,mean,low,high,sd\n");
        for (Results.Summary method : results.methods()) {
            means(out, method.name(), Protocol.ALL, method.metrics());
        }
        if (results.unseen() != null) {
            for (Results.PartSummary method : results.unseen().methods()) {
                means(out, method.name(), Protocol.UNSEEN, method.metrics());
            }
        }
        return out.toString();
    }

    private static void means(StringBuilder out, String name, Protocol protocol, Map<String, Results.Value> metrics) {
        for (String metric : MEANS) {
            Results.Value value = metrics.get(metric);
            if (value != null) {
                Metric.Interval interval = value.interval();
                row(
                        out,
                        Arrays.asList(
                                name,
                                protocol.word(),
                                metric,
                                value.mean(),
                                interval == null ? null : interval.low(),
                                interval == null ? null : interval.high(),
                                value.sd()));
            }
        }
    }

    /** Writes a row. Names have no comma; a missing value is an empty cell. */
    private static void row(StringBuilder out, List<@Nullable Object> cells) {
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(cells.get(i) == null ? "" : cells.get(i));
        }
        out.append('\n');
    }
}
