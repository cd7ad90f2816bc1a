package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.difference;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;

import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;

/** The differences between methods and their significance. */
final class DifferencesSection {
    private DifferencesSection() {}

    static void write(ReportView view, Page page) {
        if (view.methods().size() < 2) {
            return;
        }
        page.add("<h2>Are the differences more than chance?</h2>");
        boolean main =
                !view.results().toMain().isEmpty() && !view.results().best().equals(Methods.MAIN);
        String heads = head("Model")
                + head("Difference to " + escape(view.results().best()))
                + head("95 % interval")
                + head("p, corrected");
        heads += main ? head("Difference to " + Methods.MAIN) + head("95 % interval") + head("p, corrected") : "";
        page.open(
                heads,
                format(
                        "Difference in mean %s over test cases, averaged over seeds. A user’s cases are correlated, so users"
                                + " are resampled: intervals by bootstrap, p by a two-sided permutation test that flips"
                                + " the sign of a user’s whole sum of differences, %,d resamples, corrected by Holm for all"
                                + " comparisons with one model. Coloured if p is below 0.05. The best was chosen on these"
                                + " same test cases.",
                        Results.HEADLINE, view.results().statistics().permutations()));
        for (Summary method : view.methods()) {
            StringBuilder row = new StringBuilder(row(method.name(), method.description()));
            row.append(difference(ReportView.find(view.results().toBest(), method.name())));
            if (main) {
                row.append(difference(ReportView.find(view.results().toMain(), method.name())));
            }
            page.add(row + "</tr>");
        }
        page.close();
    }
}
