package io.github.ttt4rec.cli;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.DatasetStatistics;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.ReadReport;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what {@code inspect} found, on 80 columns. */
final class InspectReport {
    private static final int WIDTH = 80;
    private static final int BAR = 40;
    private static final double MILLIS_PER_DAY = 86_400_000;

    private final PrintWriter out;

    InspectReport(PrintWriter out) {
        this.out = out;
    }

    void print(InspectCommand.Findings findings) {
        reading(findings);
        steps(findings);
        lengths(findings.statistics());
        popularity(findings.statistics());
        time(findings);
        split(findings.split());
        warnings(findings);
        out.flush();
    }

    private void reading(InspectCommand.Findings findings) {
        ReadReport reading = findings.reading();
        line("%s (%s)", findings.file(), reading.format());
        wrap(
                "  ",
                "  ",
                text(
                        "users from \"%s\", items from \"%s\", times from %s",
                        reading.userColumn(),
                        reading.itemColumn(),
                        reading.timeColumn() == null
                                ? reading.times()
                                : "\"" + reading.timeColumn() + "\": " + reading.times()));
        line("  sha256 %s", findings.sha256());
    }

    private void steps(InspectCommand.Findings findings) {
        line("");
        line("%-32s %11s %11s %11s %11s", "Step", "users", "items", "events", "dropped");
        for (DataSource.Step step : findings.steps()) {
            String name = step.name().length() <= 32 ? step.name() : step.name().substring(0, 31) + "~";
            line(
                    "%-32s %,11d %,11d %,11d %,11d",
                    name, step.users(), step.items(), step.interactions(), step.dropped());
        }
        for (String badRow : findings.reading().firstBadRows()) {
            wrap("  bad: ", "       ", badRow);
        }
    }

    private void lengths(DatasetStatistics statistics) {
        DatasetStatistics.Lengths lengths = statistics.lengths();
        line("");
        line("Events per user: mean %.1f", lengths.mean());
        line("  %9s %9s %9s %9s %9s %9s %9s", "min", "25 %", "median", "75 %", "90 %", "99 %", "max");
        line(
                "  %,9d %,9d %,9d %,9d %,9d %,9d %,9d",
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
            String range = bin.from() == bin.to() ? text("%,d", bin.from()) : text("%,d - %,d", bin.from(), bin.to());
            int bar = (int) Math.ceil((double) BAR * bin.users() / most);
            line(
                    "  %15s %-" + BAR + "s %,9d %5.1f %%",
                    range,
                    "#".repeat(bar),
                    bin.users(),
                    100.0 * bin.users() / statistics.users());
        }
    }

    private void popularity(DatasetStatistics statistics) {
        DatasetStatistics.Popularity popularity = statistics.popularity();
        line("");
        line("Item popularity: Gini coefficient %.2f", popularity.gini());
        wrap(
                "  ",
                "    ",
                text(
                        "most frequent item: \"%s\" with %,d events (%.1f %%); median item: %,d",
                        popularity.topItem(),
                        popularity.topItemEvents(),
                        100.0 * popularity.topItemEvents() / statistics.events(),
                        popularity.medianEvents()));
        line(
                "  the top 1 %% of items hold %.1f %% of the events, the top 10 %% %.1f %%,",
                100 * popularity.topPercentShare(), 100 * popularity.topTenPercentShare());
        line("  and %,d of %,d items hold half of them", popularity.itemsForHalf(), statistics.items());
    }

    private void time(InspectCommand.Findings findings) {
        DatasetStatistics statistics = findings.statistics();
        line("");
        if (findings.reading().ordinalTimes()) {
            line("Order numbers: %,d to %,d", statistics.firstTime(), statistics.lastTime());
        } else {
            line(
                    "Time (UTC): %s to %s, %.1f days",
                    new EventTime(statistics.firstTime()),
                    new EventTime(statistics.lastTime()),
                    (statistics.lastTime() - statistics.firstTime()) / MILLIS_PER_DAY);
        }
        line(
                "  %,d events tie with the one before, %,d repeat an item of the user",
                statistics.tiedEvents(), statistics.repeatedItems());
    }

    private void split(InspectCommand.SplitSizes split) {
        double all = split.train() + split.validation() + split.test();
        line("");
        line("Split %s: prediction cases", split.protocol());
        line("  %-10s %,13d %6.1f %%", "train", split.train(), 100 * split.train() / all);
        line("  %-10s %,13d %6.1f %%", "validation", split.validation(), 100 * split.validation() / all);
        line("  %-10s %,13d %6.1f %%", "test", split.test(), 100 * split.test() / all);
    }

    private void warnings(InspectCommand.Findings findings) {
        line("");
        if (findings.warnings().isEmpty()) {
            line("No warnings.");
            return;
        }
        line("Warnings");
        findings.warnings().forEach(warning -> wrap("  ! ", "    ", warning));
    }

    private void wrap(String first, String next, String text) {
        StringBuilder current = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && current.length() + 1 + word.length() > WIDTH) {
                line("%s", current);
                current = new StringBuilder(next);
                empty = true;
            }
            current.append(empty ? "" : " ").append(word);
            empty = false;
        }
        line("%s", current);
    }

    private void line(String format, Object... values) {
        out.println(text(format, values));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
