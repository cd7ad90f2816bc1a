package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.range;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Value;
import java.util.ArrayList;
import java.util.List;

/** Each method's metrics with their intervals, as a table and as a chart. */
final class QualitySection {
    private static final List<String> METRICS = List.of("NDCG@10", "HR@10", "NDCG@50", "HR@50", "MRR");

    private QualitySection() {}

    static void write(ReportView view, Page page) {
        page.add("<h2>Quality</h2>");
        boolean seeds = view.severalSeeds();
        StringBuilder heads = new StringBuilder(head("Model"));
        for (String metric : METRICS) {
            heads.append(head(metric));
            if (metric.equals("HR@10") || metric.equals(Results.HEADLINE)) {
                heads.append(head("95 % interval"));
                heads.append(seeds ? head("sd") : "");
            }
        }
        page.open(
                heads.toString(),
                format(
                        "Means over test cases%s. Intervals: bootstrap over users, %,d resamples%s.",
                        seeds ? " and seeds" : "",
                        view.results().statistics().bootstrapResamples(),
                        seeds ? "; sd: standard deviation over seeds, which deterministic methods do not have" : ""));
        for (Summary method : view.methods()) {
            StringBuilder row = new StringBuilder(row(method.name(), method.description()));
            for (String metric : METRICS) {
                Value value = method.value(metric);
                row.append(number(value.mean(), "%.4f"));
                if (metric.equals("HR@10") || metric.equals(Results.HEADLINE)) {
                    Metric.Interval interval = value.interval();
                    row.append(
                            cell(interval == null ? null : interval.low(), interval == null ? "–" : range(interval)));
                    row.append(seeds ? number(value.sd(), "%.4f") : "");
                }
            }
            page.add(row + "</tr>");
        }
        page.close();
        List<Charts.Bar> bars = new ArrayList<>();
        for (Summary method : view.methods()) {
            Value value = method.value(Results.HEADLINE);
            Metric.Interval interval = value.interval();
            bars.add(new Charts.Bar(
                    method.name(),
                    view.colour(method.name()),
                    value.mean(),
                    interval == null ? value.mean() : interval.low(),
                    interval == null ? value.mean() : interval.high()));
        }
        page.add("<figure class=\"wide\"><h3>" + Results.HEADLINE + " with 95 % intervals</h3>"
                + Charts.intervals(
                        "quality",
                        Results.HEADLINE + " of each model",
                        "A dot for the mean and a line for its 95 % interval; the figures are in the table above.",
                        bars)
                + "<figcaption>Overlapping intervals do not mean that a difference is chance: the next table tests it"
                + " on the pairs.</figcaption></figure>");
    }
}
