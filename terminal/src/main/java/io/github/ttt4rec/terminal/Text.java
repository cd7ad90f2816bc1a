package io.github.ttt4rec.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats text for a console of 80 columns. */
public final class Text {
    /** The number of columns. */
    public static final int WIDTH = 80;

    private Text() {}

    /** Formats like {@link String#format}, with the same result in every locale. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Formats a number with its noun, such as {@code 1 thread} or {@code 2,000 threads}. */
    public static String count(long number, String noun) {
        return format("%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /**
     * Formats half of an interval to follow its middle, such as {@code " ± 0.0123"}; empty for NaN, which stands for no
     * interval.
     */
    public static String halfWidth(double half) {
        return Double.isNaN(half) ? "" : format(" ± %.4f", half);
    }

    /**
     * Breaks {@code text} between words into lines of at most 80 columns. The first line follows {@code label}; the
     * others are indented.
     */
    public static List<String> wrap(String label, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(label);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(label.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }

    /** Formats a duration, such as {@code 8.3 s}, {@code 2 min 5 s} or {@code 1 h 12 min}. */
    public static String duration(double seconds) {
        if (seconds < 59.95) {
            return format("%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? format("%d min %d s", whole / 60, whole % 60)
                : format("%d h %d min", whole / 3600, whole % 3600 / 60);
    }

    /** Formats the remaining time, such as {@code 0:07} or {@code 1:02:30}. */
    public static String clock(double seconds) {
        if (!(seconds < 360_000)) {
            return "?";
        }
        long whole = (long) Math.ceil(seconds);
        return whole < 3600
                ? format("%d:%02d", whole / 60, whole % 60)
                : format("%d:%02d:%02d", whole / 3600, whole % 3600 / 60, whole % 60);
    }

    /** Quotes an argument for a POSIX shell. */
    public static String shellWord(String argument) {
        return argument.matches("[A-Za-z0-9_@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
