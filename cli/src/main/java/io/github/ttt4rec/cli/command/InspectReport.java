package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.DatasetStatistics;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the report of {@code inspect}, at most 80 columns wide. */
public final class InspectReport {
    private static final int WIDTH = 80;
    private static final int BAR = 40;
    private static final double MICROS_PER_DAY = 86_400e6;

    private final PrintWriter out;

    InspectReport(PrintWriter out) {
        this.out = out;
    }

    void print(InspectCommand.Findings findings) {
        steps(findings);
        lengths(findings.statistics());
        popularity(findings.statistics());
        time(findings);
        split(findings.split());
        out.println();
        warnings(findings.warnings());
        out.flush();
    }

    /** Prints how a log was read; {@link #print} or {@link #notices} prints what was conspicuous. */
    void reading(ReadReport reading, DataSource source) {
        out.printf(Locale.ROOT, "%s%n", source.file());
        wrap("  ", "  ", reading.summary());
        out.printf(Locale.ROOT, "  sha256 %s%n", source.sha256());
        if (!reading.hypotheses().isEmpty()) {
            out.println();
            out.println("How it was read, and why");
        }
        for (ReadReport.Hypothesis each : reading.hypotheses()) {
            wrap("  ", "      ", each.subject() + ": " + each.reading() + " - " + each.evidence());
        }
        out.println();
        out.printf(
                Locale.ROOT,
                "%-24s %-24s %s%n",
                "First users",
                "items",
                reading.ordinalTimes() ? "order" : "times (UTC)");
        for (ReadReport.FirstEvent event : reading.firstEvents()) {
            out.printf(Locale.ROOT, "  %-22s %-24s %s%n", event.user(), event.item(), event.time());
        }
    }

    /** Prints what was conspicuous in reading, for a log of which nothing else can be reported. */
    void notices(ReadReport reading) {
        if (!reading.notices().isEmpty()) {
            out.println();
            warnings(reading.notices());
        }
        out.flush();
    }

    /** Prints the command that trains on the log, read in the same way. */
    void next(List<Path> files, @Nullable Path read) {
        out.println();
        StringBuilder command = new StringBuilder("ttt4rec train");
        files.forEach(file -> command.append(" --data ").append(Text.shellWord(file.toString())));
        if (read != null) {
            command.append(" --read ").append(Text.shellWord(read.toString()));
        }
        wrap("Next: ", "      ", command + " --out model" + (read == null ? ", with the options given here" : ""));
        out.flush();
    }

    private void steps(InspectCommand.Findings findings) {
        out.println();
        out.printf(Locale.ROOT, "%-32s %11s %11s %11s %11s%n", "Step", "users", "items", "events", "dropped");
        for (DataSource.Step step : findings.steps()) {
            String name = step.name().length() <= 32 ? step.name() : step.name().substring(0, 31) + "~";
            out.printf(
                    Locale.ROOT,
                    "%-32s %,11d %,11d %,11d %,11d%n",
                    name,
                    step.users(),
                    step.items(),
                    step.interactions(),
                    step.dropped());
        }
        for (String badRow : findings.reading().firstBadRows()) {
            wrap("  bad: ", "       ", badRow);
        }
    }

    private void lengths(DatasetStatistics statistics) {
        DatasetStatistics.Lengths lengths = statistics.lengths();
        out.println();
        out.printf(Locale.ROOT, "Events per user: mean %.1f%n", lengths.mean());
        out.printf(
                Locale.ROOT, "  %9s %9s %9s %9s %9s %9s %9s%n", "min", "25 %", "median", "75 %", "90 %", "99 %", "max");
        out.printf(
                Locale.ROOT,
                "  %,9d %,9d %,9d %,9d %,9d %,9d %,9d%n",
                lengths.min(),
                lengths.quarter(),
                lengths.median(),
                lengths.threeQuarters(),
                lengths.ninetyPercent(),
                lengths.ninetyNinePercent(),
                lengths.max());
        int most = lengths.histogram().stream()
                .mapToInt(DatasetStatistics.Bin::users)
                .max()
                .orElse(1);
        for (DatasetStatistics.Bin bin : lengths.histogram()) {
            String range = bin.from() == bin.to()
                    ? String.format(Locale.ROOT, "%,d", bin.from())
                    : String.format(Locale.ROOT, "%,d - %,d", bin.from(), bin.to());
            int bar = (int) Math.ceil((double) BAR * bin.users() / most);
            out.printf(
                    Locale.ROOT,
                    "  %15s %-" + BAR + "s %,9d %5.1f %%%n",
                    range,
                    "#".repeat(bar),
                    bin.users(),
                    100.0 * bin.users() / statistics.users());
        }
    }

    private void popularity(DatasetStatistics statistics) {
        DatasetStatistics.Popularity popularity = statistics.popularity();
        out.println();
        out.printf(Locale.ROOT, "Item popularity: Gini coefficient %.2f%n", popularity.gini());
        wrap(
                "  ",
                "    ",
                String.format(
                        Locale.ROOT,
                        "most frequent item: \"%s\" with %,d events (%.1f %%); median item: %,d",
                        popularity.topItem(),
                        popularity.topItemEvents(),
                        100.0 * popularity.topItemEvents() / statistics.events(),
                        popularity.medianEvents()));
        out.printf(
                Locale.ROOT,
                "  the top 1 %% of items hold %.1f %% of the events, the top 10 %% %.1f %%,%n",
                100 * popularity.topPercentShare(),
                100 * popularity.topTenPercentShare());
        out.printf(
                Locale.ROOT,
                "  and %,d of %,d items hold half of them%n",
                popularity.itemsForHalf(),
                statistics.items());
    }

    private void largest(String title, List<DatasetStatistics.Largest> largest, long events) {
        String all = largest.stream()
                .map(one -> String.format(
                        Locale.ROOT, "%s %,d (%.1f %%)", one.id(), one.events(), 100.0 * one.events() / events))
                .collect(Collectors.joining(", "));
        wrap("  largest " + title + ": ", "    ", all);
    }

    private void time(InspectCommand.Findings findings) {
        DatasetStatistics statistics = findings.statistics();
        out.println();
        if (findings.reading().ordinalTimes()) {
            out.printf(Locale.ROOT, "Order numbers: %,d to %,d%n", statistics.firstTime(), statistics.lastTime());
        } else {
            out.printf(
                    Locale.ROOT,
                    "Time (UTC): %s to %s, %.1f days%n",
                    new EventTime(statistics.firstTime(), true),
                    new EventTime(statistics.lastTime(), true),
                    (statistics.lastTime() - statistics.firstTime()) / MICROS_PER_DAY);
        }
        double events = statistics.events();
        out.printf(
                Locale.ROOT,
                "  %,d events (%.1f %%) tie with the one before,%n  %,d (%.1f %%) repeat an item of the user%n",
                statistics.tiedEvents(),
                100 * statistics.tiedEvents() / events,
                statistics.repeatedItems(),
                100 * statistics.repeatedItems() / events);
        if (!findings.reading().ordinalTimes()) {
            out.printf(
                    Locale.ROOT,
                    "  from one event of a user to the next: %s in the median, %s at most%n",
                    gap(statistics.medianGap()),
                    gap(statistics.largestGap()));
        }
        largest("users", statistics.largestUsers(), statistics.events());
        largest("items", statistics.largestItems(), statistics.events());
    }

    private static String gap(long micros) {
        double seconds = micros / 1e6;
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.3g s", seconds);
        }
        return seconds < 2 * 86_400
                ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
                : String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
    }

    private void split(InspectCommand.SplitSizes split) {
        double all = split.train() + split.validation() + split.test();
        out.println();
        out.printf(Locale.ROOT, "Split %s: prediction cases%n", split.protocol());
        out.printf(Locale.ROOT, "  %-10s %,13d %6.1f %%%n", "train", split.train(), 100 * split.train() / all);
        out.printf(
                Locale.ROOT,
                "  %-10s %,13d %6.1f %%%n",
                "validation",
                split.validation(),
                100 * split.validation() / all);
        out.printf(Locale.ROOT, "  %-10s %,13d %6.1f %%%n", "test", split.test(), 100 * split.test() / all);
    }

    private void warnings(List<String> warnings) {
        out.println(warnings.isEmpty() ? "No warnings." : "Warnings");
        warnings.forEach(warning -> wrap("  ! ", "    ", warning));
    }

    private void wrap(String first, String next, String text) {
        StringBuilder current = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && current.length() + 1 + word.length() > WIDTH) {
                out.println(current);
                current = new StringBuilder(next);
                empty = true;
            }
            current.append(empty ? "" : " ").append(word);
            empty = false;
        }
        out.println(current);
    }
}
