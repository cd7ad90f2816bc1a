package io.github.ttt4rec.lab.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One CSV row for each trial, in order. Missing values are empty cells; times are in seconds. */
final class TrialsCsv {
    private TrialsCsv() {}

    static String format(SearchSpace space, List<Trial> trials) {
        List<String> head = new ArrayList<>(List.of("trial", "status", "ndcg@10", "hr@10", "best_epoch", "epochs"));
        head.add("seconds");
        space.dimensions().forEach(dimension -> head.add(dimension.path()));
        head.add("reason");
        StringBuilder out = new StringBuilder(String.join(",", head)).append('\n');
        for (Trial trial : trials) {
            List<@Nullable Object> cells = new ArrayList<>();
            cells.add(trial.number());
            cells.add(trial.status().name().toLowerCase(Locale.ROOT));
            cells.add(trial.ndcg());
            cells.add(trial.hitRate());
            cells.add(trial.bestEpoch());
            cells.add(trial.curve().size());
            cells.add(trial.seconds());
            space.dimensions().forEach(dimension -> cells.add(trial.values().get(dimension.path())));
            cells.add(trial.reason());
            out.append(cells.stream().map(TrialsCsv::cell).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return out.toString();
    }

    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : Domain.text(value);
        return text.contains(",") || text.contains("\"") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
