package io.github.ttt4rec.lab.report;

import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row for each run, and for each entrant its mean and standard deviation over seeds. Times are in seconds. */
final class ResultsCsv {
    private ResultsCsv() {}

    static String format(Results results) {
        List<String> metrics = List.copyOf(results.runs().getFirst().metrics().keySet());
        StringBuilder out = new StringBuilder("model,seed,training_fraction,");
        out.append(String.join(",", metrics))
                .append(",epochs,best_epoch,parameters,train_seconds,seconds,test_cases_per_second,peak_heap_mb,"
                        + "coverage@10,gini@10,novelty@10,popularity_rank@10\n");
        for (RunResult run : results.runs()) {
            List<@Nullable Object> cells = new ArrayList<>(
                    List.of(run.key().entrant(), run.key().seed(), run.key().fraction()));
            metrics.forEach(metric -> cells.add(run.metrics().get(metric)));
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
        for (Results.Summary entrant : results.entrants()) {
            List<@Nullable Object> means = new ArrayList<>(List.of(entrant.name(), "mean", 1.0));
            List<@Nullable Object> deviations = new ArrayList<>(List.of(entrant.name(), "sd", 1.0));
            for (String metric : metrics) {
                Results.Value value = Objects.requireNonNull(entrant.metrics().get(metric));
                means.add(value.mean());
                deviations.add(value.sd());
            }
            row(out, means);
            row(out, deviations);
        }
        return out.toString();
    }

    /** Names have no comma, and numbers are written as Java reads them back; nothing is an empty cell. */
    private static void row(StringBuilder out, List<@Nullable Object> cells) {
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(cells.get(i) == null ? "" : cells.get(i));
        }
        out.append('\n');
    }
}
