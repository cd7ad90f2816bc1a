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
import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.LongHistories;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Value;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The quality on cases with long histories, for which history policies differ. */
final class LongHistoriesSection {
    private LongHistoriesSection() {}

    static void write(ReportView view, Page page) {
        LongHistories found = view.results().longHistories();
        if (found == null) {
            return;
        }
        page.add(format("<h2>Histories of more than %d items</h2>", found.moreThan()));
        page.open(
                head("Model")
                        + head(Results.HEADLINE)
                        + head("95 % interval")
                        + head("HR@10")
                        + head("Difference to " + escape(found.reference()))
                        + head("95 % interval")
                        + head("p, corrected"),
                format(
                        "The %,d test cases of %,d users with more than max_len = %d items before them: networks are"
                                + " trained on at most that many, and history policies differ on longer histories. Without another policy in"
                                + " its name a network reads the %s%s. Intervals and p as above, for these cases.",
                        found.cases(),
                        found.users(),
                        found.moreThan(),
                        HistoryPolicy.WINDOW.describe(found.moreThan()),
                        policies(found)));
        for (Results.PartSummary one : found.methods()) {
            Value value = one.value(Results.HEADLINE);
            Metric.Interval interval = Objects.requireNonNull(value.interval());
            page.add(row(
                            one.name(),
                            view.method(one.name()).map(Summary::description).orElse(""))
                    + number(value.mean(), "%.4f")
                    + cell(interval.low(), range(interval))
                    + number(one.mean("HR@10"), "%.4f")
                    + difference(ReportView.find(found.differences(), one.name()))
                    + "</tr>");
        }
        page.close();
    }

    /** Describes the part of a history that each policy in the comparison reads. */
    private static String policies(LongHistories found) {
        return Arrays.stream(HistoryPolicy.values())
                .filter(policy -> found.methods().stream().anyMatch(one -> Methods.reads(one.name(), policy)))
                .map(policy -> ", @" + policy.name().toLowerCase(Locale.ROOT) + " "
                        + (policy == HistoryPolicy.UNBOUNDED ? "" : "the ") + policy.describe(found.moreThan()))
                .collect(Collectors.joining());
    }
}
