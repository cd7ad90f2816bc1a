package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.DataWarnings;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.DatasetStatistics;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.util.List;

/** Summarises the data that a command has read, in a few lines. */
public final class DataReport {
    /** Longer warnings are shown by {@code inspect} only. */
    private static final int SHORT = 150;

    private DataReport() {}

    /** A paragraph of wrapped text under a short title. */
    public static void section(PrintWriter out, String title, String text) {
        Text.wrap(Text.format("%-8s", title), text).forEach(out::println);
    }

    /** Prints how the log was read, and what its owner should know about that. */
    public static void print(PrintWriter out, ReadReport report) {
        section(out, "Read", report.summary());
        report.notices().forEach(notice -> Text.wrap("  ! ", notice).forEach(out::println));
    }

    /** Prints the size of the log after filtering, and each step that dropped rows. */
    public static void print(PrintWriter out, Dataset data) {
        section(
                out,
                "Data",
                Text.format(
                        "%s: %,d users, %,d items, %,d events",
                        data.source().file(), data.userCount(), data.itemCount(), data.eventCount()));
        for (DataSource.Step step : data.source().steps()) {
            if (step.dropped() > 0) {
                out.println(Text.format("        %,d dropped at step: %s", step.dropped(), step.name()));
            }
        }
    }

    /** Prints the number of cases in each part of the split. */
    public static void print(PrintWriter out, Split split) {
        section(
                out,
                "Split",
                Text.format(
                        "%s: %,d training, %,d validation, %,d test cases",
                        split.protocol(),
                        split.cases(Split.Part.TRAIN),
                        split.cases(Split.Part.VALIDATION),
                        split.cases(Split.Part.TEST)));
    }

    /** Prints properties of the log that will harm results. */
    public static void printWarnings(PrintWriter out, LoadedData loaded, Split split, int maxLen) {
        List<String> notices = loaded.report().notices();
        List<String> warnings = DataWarnings.find(
                        loaded,
                        split,
                        DatasetStatistics.of(loaded.dataset()),
                        maxLen,
                        1000 * System.currentTimeMillis())
                .stream()
                .filter(warning -> !notices.contains(warning))
                .toList();
        for (String warning : warnings) {
            if (warning.length() <= SHORT) {
                Text.wrap("  ! ", warning).forEach(out::println);
            }
        }
        long more = warnings.stream().filter(w -> w.length() > SHORT).count();
        if (more > 0) {
            out.println("  ! inspect says " + more + " more");
        }
    }
}
