package io.github.ttt4rec.benchmarks.replay;

import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.benchmarks.option.NewDirectoryOption;
import io.github.ttt4rec.benchmarks.option.Program;
import io.github.ttt4rec.terminal.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays a log through real servers and draws the quality of the lists by week. */
@Command(
        name = "replay",
        description = {
            "Train on the first part of a log, send all later events in order through real servers, and draw the"
                    + " quality of the lists by week: each sampled event is ranked just before it is stored.",
            "A first server keeps the first model: its lists, those of the same model with frozen fast weights, and popularity"
                    + " are three lines. A second server has the same model and learns its catalogue from each event. A"
                    + " third one does so and is retrained every so many nights by the retrain command, through the gate. All"
                    + " rank the same events. An item that a model does not know counts as a miss."
        })
public final class ReplayCommand implements Callable<Integer> {
    /** Settings that train the bundled shop's model in less than a minute. */
    private static final List<String> TRAINING =
            List.of("--set", "epochs=3", "--set", "batch_size=512", "--set", "learning_rate=0.002");

    private static final int DAYS = 7;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE", description = "A log with times (default: the bundled shop's).")
    private @Nullable Path data;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            defaultValue = "2011-02-01",
            description = "Date before which events train the first model (default: ${DEFAULT-VALUE}).")
    private LocalDate until;

    @Option(
            names = "--weeks",
            paramLabel = "N",
            defaultValue = "0",
            description = "Number of weeks to replay; 0 for all (default: ${DEFAULT-VALUE}).")
    private int weeks;

    @Option(
            names = "--retrain-days",
            paramLabel = "N",
            defaultValue = "14",
            description = "Retrain after each N days; 1 for every night (default: ${DEFAULT-VALUE}).")
    private int every;

    @Option(
            names = "--count-days",
            paramLabel = "N",
            defaultValue = "0",
            description = "Recount the catalogue after each N days; 0 to learn it from each event instead (default:"
                    + " ${DEFAULT-VALUE}).")
    private int countDays;

    @Option(
            names = "--retrain-set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the retrained models, such as epochs=1; may be repeated.")
    private List<String> retrainSettings = List.of();

    @Option(
            names = "--sample",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of events to rank (default: ${DEFAULT-VALUE}).")
    private double sample;

    @Option(
            names = "--retrained-only",
            description = "Replay the retrained server alone, because the lines of the others do not depend on the"
                    + " retraining.")
    private boolean retrainedOnly;

    @Mixin
    private final NewDirectoryOption newDirectory = new NewDirectoryOption();

    private List<String> launcher = List.of();
    private Path log = Path.of("");
    private Path out = Path.of("");
    private int passed;
    private int refused;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Checkout checkout = Checkout.current();
        launcher = checkout.launcher();
        log = data == null ? checkout.shopLog() : data;
        out = newDirectory.create();
        Instant start = until.atStartOfDay(ZoneOffset.UTC).toInstant();
        List<LogWeeks.WeekOfEvents> events = LogWeeks.read(log, start, weeks);
        say(events.size() + " weeks, "
                + events.stream().mapToInt(LogWeeks.WeekOfEvents::events).sum() + " events to send");
        Path first = out.resolve("first");
        ttt4rec(Stream.concat(
                        Stream.of("train", "--data", log.toString(), "--before", until.toString(), "--out", first + ""),
                        TRAINING.stream())
                .toList());
        List<Series> series = new ArrayList<>();
        String catalogue = countDays > 0 ? "off" : "each-event";
        if (!retrainedOnly) {
            series.addAll(replayWithoutRetraining(events, first, catalogue));
        }
        try (ReplayedServer server = start("retrained", first, catalogue)) {
            replay(server, events, countDays, day -> day % every == 0 ? retrain("retrained", server) : "");
            series.add(new Series("+ retraining", server.figures(ReplayedServer.Method.SERVED)));
        }
        Files.writeString(out.resolve("replay.svg"), Chart.svg(series));
        Files.write(out.resolve("replay.csv"), csv(series));
        print(spec.commandLine().getOut(), series);
        return 0;
    }

    /** Replays the servers that keep the first model, with a fixed catalogue and with one that follows the events. */
    private List<Series> replayWithoutRetraining(List<LogWeeks.WeekOfEvents> events, Path first, String catalogue)
            throws IOException, InterruptedException {
        List<Series> series = new ArrayList<>();
        try (ReplayedServer server = start("kept", first, "off")) {
            replay(server, events, 0, day -> "");
            series.add(new Series("popularity", server.figures(ReplayedServer.Method.POPULARITY)));
            series.add(new Series("frozen", server.figures(ReplayedServer.Method.FROZEN)));
            series.add(new Series("adaptive", server.figures(ReplayedServer.Method.SERVED)));
        }
        try (ReplayedServer server = start("live", first, catalogue)) {
            replay(server, events, countDays, day -> "");
            series.add(new Series("+ live catalogue", server.figures(ReplayedServer.Method.SERVED)));
        }
        return series;
    }

    /** An action on a server in the night after a day. */
    @FunctionalInterface
    private interface EachNight {
        /** Does it after that many days; returns a word about it, "" if it did nothing. */
        String after(int days) throws IOException, InterruptedException;
    }

    /**
     * Starts a server in a separate directory, with a copy of the first model and the events that trained it.
     *
     * @param catalogue how its catalogue follows the events
     */
    private ReplayedServer start(String name, Path first, String catalogue) throws IOException, InterruptedException {
        Path model = out.resolve(name).resolve("first");
        Files.createDirectories(model);
        try (Stream<Path> files = Files.list(first)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path state = state(name);
        ttt4rec(List.of("import", "--data", log.toString(), "--before", until.toString(), "--state", state.toString()));
        say(name + ":");
        return new ReplayedServer(launcher, model, state, sample, catalogue);
    }

    private Path state(String name) {
        return out.resolve(name).resolve("shop.db");
    }

    /**
     * Sends the events of all weeks.
     *
     * @param period the days between recounts of the catalogue; 0 for never
     */
    private void replay(ReplayedServer server, List<LogWeeks.WeekOfEvents> events, int period, EachNight night)
            throws IOException, InterruptedException {
        int days = 0;
        for (int week = 0; week < events.size(); week++) {
            String done = "";
            for (List<LogWeeks.Event> day : events.get(week).days()) {
                server.send(day);
                days++;
                if (period > 0 && days % period == 0) {
                    server.countCatalogue();
                }
                String told = day.isEmpty() || days == DAYS * events.size() ? "" : night.after(days);
                done = told.isEmpty() ? done : told;
            }
            int ranked = server.endWeek();
            say("  week " + (week + 1) + ": " + events.get(week).events() + " events, " + ranked + " ranked"
                    + (done.isEmpty() ? "" : "; " + done));
        }
    }

    private String retrain(String name, ReplayedServer server) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "retrain",
                "--models",
                out.resolve(name).toString(),
                "--state",
                state(name).toString(),
                "--url",
                server.uri().toString()));
        retrainSettings.forEach(setting -> words.addAll(List.of("--set", setting)));
        String told = ttt4rec(words);
        if (told.contains("served now")) {
            passed++;
        } else {
            refused++;
        }
        return told;
    }

    private String ttt4rec(List<String> words) throws IOException, InterruptedException {
        return new Program(launcher, out.resolve("commands.log")).run(words);
    }

    private void print(PrintWriter to, List<Series> series) {
        int weeks = series.getFirst().weeks().size();
        to.println("| method | NDCG@10" + (weeks == 1 ? "" : ", mean of " + weeks + " weeks")
                + " | difference to the row before" + (weeks == 1 ? "" : ", 95 %")
                + " | HR@10 of new items | of items on their first day: known |"
                + " HR@10 | median rank |");
        to.println("|---|---|---|---|---|---|---|");
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            String difference = i == 0
                    ? ""
                    : Text.format("%+.4f", one.differenceTo(series.get(i - 1)))
                            + Text.halfWidth(one.halfWidthTo(series.get(i - 1)));
            to.println(String.format(
                    Locale.ROOT,
                    "| %s | %.4f | %s | %.4f | %.4f | %.4f | %s |",
                    one.name(),
                    one.mean(),
                    difference,
                    one.newItemHitRate(),
                    one.firstDays().known(),
                    one.firstDays().hits(),
                    one.firstDays().medianRank() == 0 ? "none" : one.firstDays().medianRank()));
        }
        to.println();
        to.println("Events of items on their first day: "
                + series.getFirst().firstDays().events() + ". Retrainings that passed the gate: " + passed
                + ", that did not: " + refused + ".");
        to.flush();
    }

    /**
     * Writes a line for each week: the number of ranked events, then NDCG@10 and half of its 95 % interval for each
     * method, empty if it has none.
     */
    private static List<String> csv(List<Series> series) {
        StringBuilder header = new StringBuilder("week,events");
        series.forEach(one -> header.append(',').append(one.name()).append(",half width"));
        List<String> lines = new ArrayList<>(List.of(header.toString()));
        IntStream.range(0, series.getFirst().weeks().size()).forEach(week -> {
            StringBuilder line = new StringBuilder(
                    (week + 1) + "," + series.getFirst().weeks().get(week).events());
            for (Series one : series) {
                Week figures = one.weeks().get(week);
                line.append(Text.format(",%.4f,", figures.ndcg()));
                line.append(Double.isNaN(figures.halfWidth()) ? "" : Text.format("%.4f", figures.halfWidth()));
            }
            lines.add(line.toString());
        });
        return lines;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
