package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.format;

import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results.LongHistories;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.util.Arrays;
import java.util.Locale;
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
        Cells.parts(
                page,
                view,
                found.reference(),
                found.methods(),
                found.differences(),
                format(
                        "The %,d test cases of %,d users with more than max_len = %d items before them: networks are"
                                + " trained on at most that many, and history policies differ on longer histories. Without another policy in"
                                + " its name a network reads the %s%s. Intervals and p as above, for these cases.",
                        found.cases(),
                        found.users(),
                        found.moreThan(),
                        HistoryPolicy.WINDOW.describe(found.moreThan()),
                        policies(found)));
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
