package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.format;

import io.github.ttt4rec.lab.compare.Results.Unseen;

/** The quality under protocol unseen; the sections before show protocol all. */
final class UnseenSection {
    private UnseenSection() {}

    static void write(ReportView view, Page page) {
        Unseen found = view.results().unseen();
        if (found == null) {
            return;
        }
        page.add("<h2>Protocol unseen</h2>");
        Cells.parts(
                page,
                view,
                found.best(),
                found.methods(),
                found.toBest(),
                format(
                        "The %,d test cases of %,d users whose target is new to the user, ranked among the items that are new"
                                + " to the user. All other sections follow protocol all: every case, every item. Intervals and"
                                + " p as above, for these cases.",
                        found.cases(), found.users()));
    }
}
