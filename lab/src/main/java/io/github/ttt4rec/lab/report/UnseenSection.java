package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.difference;
import static io.github.ttt4rec.lab.report.Cells.range;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Unseen;
import io.github.ttt4rec.lab.compare.Results.Value;
import java.util.Objects;

/** The quality under protocol unseen; the sections before show protocol all. */
final class UnseenSection {
    private UnseenSection() {}

    static void write(ReportView view, Page page) {
        Unseen found = view.results().unseen();
        if (found == null) {
            return;
        }
        page.add("<h2>Protocol unseen</h2>");
        page.open(
                head("Model")
                        + head(Results.HEADLINE)
                        + head("95 % interval")
                        + head("HR@10")
                        + head("Difference to " + escape(found.best()))
                        + head("95 % interval")
                        + head("p, corrected"),
                format(
                        "The %,d test cases of %,d users whose target is new to the user, ranked among the items that are new"
                                + " to the user. All other sections follow protocol all: every case, every item. Intervals and"
                                + " p as above, for these cases.",
                        found.cases(), found.users()));
        for (Results.PartSummary one : found.methods()) {
            Value value = one.value(Results.HEADLINE);
            Metric.Interval interval = Objects.requireNonNull(value.interval());
            page.add(row(
                            one.name(),
                            view.method(one.name()).map(Summary::description).orElse(""))
                    + number(value.mean(), "%.4f")
                    + cell(interval.low(), range(interval))
                    + number(one.mean("HR@10"), "%.4f")
                    + difference(ReportView.find(found.toBest(), one.name()))
                    + "</tr>");
        }
        page.close();
    }
}
