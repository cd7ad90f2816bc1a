package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Published figures on this data next to ours. */
final class PublishedSection {
    private PublishedSection() {}

    static void write(ReportView view, Page page) {
        Results.Published published = view.results().published();
        if (published == null
                || view.methods().stream()
                        .noneMatch(method -> published.figures().containsKey(method.name()))) {
            return;
        }
        page.add("<h2>Comparison with published figures</h2>");
        List<String> metrics = List.of("HR@10", "HR@50", "NDCG@10", "NDCG@50");
        page.open(
                head("Model")
                        + metrics.stream()
                                .map(metric -> head(metric + ", published") + head("here"))
                                .collect(Collectors.joining()),
                escape(published.data() + " " + published.split() + ": " + published.source())
                        + ". Published without seeds or intervals.");
        for (Summary method : view.methods()) {
            Map<String, Double> figures = published.figures().get(method.name());
            if (figures == null) {
                continue;
            }
            Function<String, String> cells = metric -> {
                double theirs = Objects.requireNonNull(figures.get(metric));
                double ours = method.mean(metric);
                return number(theirs, "%.4f") + cell(ours, format("%.4f (%+.1f %%)", ours, 100 * (ours / theirs - 1)));
            };
            page.add(row(method.name(), method.description())
                    + metrics.stream().map(cells).collect(Collectors.joining())
                    + "</tr>");
        }
        page.close();
    }
}
