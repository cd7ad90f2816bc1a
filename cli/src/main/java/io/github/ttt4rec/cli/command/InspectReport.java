package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.DatasetStatistics;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.ReadReport;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what {@code inspect} found, on 80 columns. */
public final class InspectReport {
    private static final int WIDTH = 80;
    private static final int BAR = 40;
    private static final double MICROS_PER_DAY = 86_400e6;

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
        out.printf(Locale.ROOT, "%s (%s)%n", findings.file(), reading.format());
        wrap(
                "  ",
                "  ",
                String.format(
                        Locale.ROOT,
                        "users from \"%s\", items from \"%s\", times from %s",
                        reading.userColumn(),
                        reading.itemColumn(),
                        reading.timeColumn() == null
                                ? reading.times()
                                : "\"" + reading.timeColumn() + "\": " + reading.times()));
        out.printf(Locale.ROOT, "  sha256 %s%n", findings.sha256());
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
        out.printf(
                Locale.ROOT,
                "  %,d events tie with the one before, %,d repeat an item of the user%n",
                statistics.tiedEvents(),
                statistics.repeatedItems());
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

    private void warnings(InspectCommand.Findings findings) {
        out.println();
        if (findings.warnings().isEmpty()) {
            out.println("No warnings.");
            return;
        }
        out.println("Warnings");
        findings.warnings().forEach(warning -> wrap("  ! ", "    ", warning));
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
