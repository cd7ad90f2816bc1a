package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.bar;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.lab.compare.RecommendedItems;
import io.github.ttt4rec.lab.compare.Results.Summary;

/** Statistics of the recommended items. */
final class RecommendedSection {
    private RecommendedSection() {}

    static void write(ReportView view, Page page) {
        page.add("<h2>Recommended items</h2>");
        page.open(
                head("Model") + head("Coverage") + head("Gini") + head("Novelty, bits") + head("Popularity rank"),
                format(
                        "Statistics of the ten best items in %,d test cases drawn with a fixed seed. Coverage: share of the catalogue that"
                                + " is recommended at all. Gini: 0 if all items are recommended equally often, 1 if they are always"
                                + " the same. Novelty: mean self-information of a recommended item. Popularity rank: its mean"
                                + " place among all items by training events.",
                        view.methods().getFirst().recommended().cases()));
        double rank = view.largest(method -> method.recommended().popularityRank());
        for (Summary method : view.methods()) {
            RecommendedItems items = method.recommended();
            page.add(row(method.name(), method.description())
                    + bar(items.coverage(), 1, format("%.1f %%", 100 * items.coverage()))
                    + number(items.gini(), "%.3f")
                    + number(items.novelty(), "%.2f")
                    + bar(items.popularityRank(), rank, format("%,.0f", items.popularityRank()))
                    + "</tr>");
        }
        page.close();
    }
}
