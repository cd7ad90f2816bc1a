package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.difference;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;

import io.github.ttt4rec.lab.compare.Entrants;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;

/** Which differences are more than chance. */
final class DifferencesSection {
    private DifferencesSection() {}

    static void write(ReportView view, Page page) {
        if (view.entrants().size() < 2) {
            return;
        }
        page.add("<h2>Are the differences more than chance?</h2>");
        boolean main =
                !view.results().toMain().isEmpty() && !view.results().best().equals(Entrants.MAIN);
        String heads = head("Model")
                + head("Difference to " + escape(view.results().best()))
                + head("95 % interval")
                + head("p, corrected");
        heads += main ? head("Difference to " + Entrants.MAIN) + head("95 % interval") + head("p, corrected") : "";
        page.open(
                heads,
                format(
                        "Difference in mean %s over test cases, averaged over seeds. A user’s cases hang together, so users"
                                + " are what is resampled: intervals by bootstrap, p by a two-sided permutation test that flips"
                                + " the sign of a user’s whole sum of differences, %,d resamples, corrected by Holm for all"
                                + " comparisons with one model. Coloured where p is below 0.05. The best was chosen on these"
                                + " same test cases.",
                        Results.HEADLINE, view.results().statistics().permutations()));
        for (Summary entrant : view.entrants()) {
            StringBuilder row = new StringBuilder(row(entrant.name(), entrant.description()));
            row.append(difference(ReportView.find(view.results().toBest(), entrant.name())));
            if (main) {
                row.append(difference(ReportView.find(view.results().toMain(), entrant.name())));
            }
            page.add(row + "</tr>");
        }
        page.close();
    }
}
