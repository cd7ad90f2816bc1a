package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Difference;
import io.github.ttt4rec.lab.compare.Results.PartSummary;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Value;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Table cells that several of the report's sections share. */
final class Cells {
    private Cells() {}

    /** Starts a method's row with its name. */
    static String row(String name, String description) {
        // On a narrow screen, a name breaks before its policy rather than within a word.
        String shown = escape(name).replaceFirst(Methods.POLICY + ".*", "<span class=\"policy\">$0</span>");
        return "<tr" + (name.equals(Methods.MAIN) ? " class=\"main\"" : "") + "><th scope=\"row\" title=\""
                + escape(description) + "\">" + shown + "</th>";
    }

    /**
     * A table of the methods on some of the cases.
     *
     * @param reference the method that the others are compared with
     * @param note the text under the table's title
     */
    static void parts(
            Page page,
            ReportView view,
            String reference,
            List<PartSummary> methods,
            List<Difference> differences,
            String note) {
        page.open(
                head("Model")
                        + head(Results.HEADLINE)
                        + head("95 % interval")
                        + head("HR@10")
                        + head("Difference to " + escape(reference))
                        + head("95 % interval")
                        + head("p, corrected"),
                note);
        for (PartSummary one : methods) {
            Value value = one.value(Results.HEADLINE);
            Metric.Interval interval = Objects.requireNonNull(value.interval());
            page.add(row(
                            one.name(),
                            view.method(one.name()).map(Summary::description).orElse(""))
                    + number(value.mean(), "%.4f")
                    + cell(interval.low(), range(interval))
                    + number(one.mean("HR@10"), "%.4f")
                    + difference(ReportView.find(differences, one.name()))
                    + "</tr>");
        }
        page.close();
    }

    /** A number followed by a bar whose length is the number's share of the largest. */
    static String bar(double value, double largest, String text) {
        return cell(
                value,
                format(
                        "<span class=\"barbox\" aria-hidden=\"true\"><span class=\"bar\" style=\"width:%.0f%%\"></span>"
                                + "</span><span class=\"num\">%s</span>",
                        largest > 0 ? Math.max(2, 100 * value / largest) : 2, text));
    }

    /** An interval, given by its ends. */
    static String range(Metric.Interval interval) {
        return format("%.4f – %.4f", interval.low(), interval.high());
    }

    /**
     * The three cells of a difference: its value, interval and p-value; dashes for the method that the others are
     * compared with.
     */
    static String difference(Optional<Difference> found) {
        if (found.isEmpty()) {
            return cell(0.0, "–") + cell(0.0, "–") + cell(1.0, "–");
        }
        Difference d = found.get();
        String style = !d.isSignificant() ? "" : d.difference() > 0 ? " class=\"up\"" : " class=\"down\"";
        return cell(d.difference(), "<span" + style + ">" + signed(d.difference()) + "</span>")
                + cell(d.low(), signed(d.low()) + " to " + signed(d.high()))
                + cell(d.corrected(), Html.p(d.corrected()));
    }

    /** A signed number with a minus sign as wide as the plus sign. */
    private static String signed(double value) {
        return format("%+.4f", value).replace('-', '−');
    }
}
