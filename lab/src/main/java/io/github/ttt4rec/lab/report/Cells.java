package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results.Difference;
import java.util.Optional;

/** Table cells that several of the report's sections share. */
final class Cells {
    private Cells() {}

    /** Begins a method's row with its name. */
    static String row(String name, String description) {
        // On a narrow screen a name is broken before its policy rather than in the middle of a word.
        String shown = escape(name).replaceFirst(Methods.POLICY + ".*", "<span class=\"policy\">$0</span>");
        return "<tr" + (name.equals(Methods.MAIN) ? " class=\"main\"" : "") + "><th scope=\"row\" title=\""
                + escape(description) + "\">" + shown + "</th>";
    }

    /** A number and, behind it, a bar as long as its share of the largest. */
    static String bar(double value, double largest, String text) {
        return cell(
                value,
                format(
                        "<span class=\"barbox\" aria-hidden=\"true\"><span class=\"bar\" style=\"width:%.0f%%\"></span>"
                                + "</span><span class=\"num\">%s</span>",
                        largest > 0 ? Math.max(2, 100 * value / largest) : 2, text));
    }

    /** An interval from end to end. */
    static String range(Metric.Interval interval) {
        return format("%.4f – %.4f", interval.low(), interval.high());
    }

    /** The three cells of a difference: itself, its interval, its p; dashes for whom the others are compared with. */
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

    /** With the minus that is as wide as a plus. */
    private static String signed(double value) {
        return format("%+.4f", value).replace('-', '−');
    }
}
