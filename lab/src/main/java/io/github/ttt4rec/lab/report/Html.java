package io.github.ttt4rec.lab.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Building blocks of the report's markup, which is well-formed XML. */
final class Html {
    private Html() {}

    /** Escapes text, or an attribute's value in double quotes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Like {@link String#format}, but the same in every locale. */
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** A cell that sorts by its value. */
    static String cell(@Nullable Double value, String text) {
        return value == null
                ? "<td data-value=\"-1\">" + text + "</td>"
                : "<td data-value=\"" + value + "\">" + text + "</td>";
    }

    /** A cell with a number; a dash if there is none. */
    static String number(@Nullable Double value, String pattern) {
        return cell(value, value == null ? "–" : format(pattern, value));
    }

    /** A column's head. */
    static String head(String text) {
        return "<th scope=\"col\">" + text + "</th>";
    }

    /** A p-value for people. */
    static String p(double p) {
        return p < 0.001 ? "&lt; 0.001" : format("%.3f", p);
    }

    /** A duration for people. */
    static String seconds(double seconds) {
        if (seconds < 99.95) {
            return format(seconds < 9.995 ? "%.2f s" : "%.1f s", seconds);
        }
        return seconds < 3600 ? format("%.1f min", seconds / 60) : format("%.1f h", seconds / 3600);
    }
}
