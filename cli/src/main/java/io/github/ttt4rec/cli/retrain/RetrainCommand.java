package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.report.TrainProgress;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Trains the served model on what the server has stored since, and serves the result if it is not worse. */
@Command(
        name = "retrain",
        description = {
            "Train the served model on what the server has stored since, and serve the result if it is not worse.",
            "",
            "A candidate learns all events but the latest half of the new ones. On that half, which neither model has"
                    + " seen, it passes if the lower end of the 95 % interval of its NDCG@10 less the served model's (paired"
                    + " bootstrap over users) is above minus the margin: a better mean alone is not enough. Then the"
                    + " same is fitted on all events, saved beside the served model, and taken into use; otherwise the"
                    + " served model stays, and a line says why. Nothing else is changed: killed at any moment, this"
                    + " leaves one whole model served, and the next run continues from there.",
            ""
        },
        customSynopsis = "ttt4rec retrain --models DIR --state FILE [--url URL] [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec retrain --models models --state shop.db --url http://127.0.0.1:8080",
            "  ttt4rec retrain --models models --state shop.db --data older.csv --scratch",
            "",
            "  ttt4rec serve --model models --state shop.db     # serves the latest",
            "  ttt4rec rollback --models models                 # the one before it"
        })
public final class RetrainCommand implements Callable<Integer> {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            required = true,
            description = "Directory of models; holds the served one, and gets the new one.")
    private Path models;

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The server's file of events.")
    private Path state;

    @Option(names = "--url", paramLabel = "URL", description = "The server that is to take the new model into use.")
    private @Nullable URI url;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File with an admin token of that server in its first line.")
    private @Nullable Path tokenFile;

    @Option(names = "--scratch", description = "Start from random weights instead of the served model's.")
    private boolean scratch;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "1",
            converter = PositiveConverter.class,
            description = "Epochs over all events from the served model's weights (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--min-new-events",
            paramLabel = "N",
            defaultValue = "400",
            converter = PositiveConverter.class,
            description = "Do nothing before there are so many new events (default: ${DEFAULT-VALUE}).")
    private int minNew;

    @Option(
            names = "--margin",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Loss of NDCG@10, as a share of the served model's, up to which a new model may replace it"
                    + " (default: ${DEFAULT-VALUE}).")
    private double margin;

    @Option(
            names = "--max-new-per-user",
            paramLabel = "N",
            defaultValue = "1000",
            converter = PositiveConverter.class,
            description = "New events of one user that count, against bots (default: ${DEFAULT-VALUE}).")
    private int cap;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "5",
            converter = PositiveConverter.class,
            description = "Earlier models to keep (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Option(
            names = "--fitted-until",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "The time of the last event that the served model has seen, if it does not say.")
    private @Nullable Instant fittedUntil;

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Mixin
    private final DataOptions data = new DataOptions();

    /** For picocli. */
    public RetrainCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (margin < 0 || margin >= 1) {
            throw new ParameterException(spec.commandLine(), "--margin must be from 0 to below 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        Instant started = Instant.now();
        try (ModelSeries series = ModelSeries.open(models)) {
            series.prune(keep);
            TrainedModel served = TrainedModel.load(series.served());
            Instant since = since(series, served);
            StoredEvents events =
                    StoredEvents.read(new StoredEvents.Request(state, older(), since, started, cap), filters(served));
            requireKnownItems(served, events);
            out.println(Text.format(
                    "Served  %s, version %s, fitted until %s", series.servedName(), served.version(), since));
            out.println(Text.format(
                    "Events  %,d of %,d users, %,d of them new",
                    events.dataset().eventCount(), events.dataset().userCount(), events.newEvents()));
            events.notes().forEach(note -> Text.wrap("  ! ", note).forEach(out::println));
            out.flush();
            ProgressLine line = new ProgressLine(
                    spec.commandLine().getErr(), Terminal.detect().error());
            Retraining.Outcome outcome = new Retraining(
                            served,
                            new Retraining.Settings(scratch, epochs, minNew, margin, threads.count()),
                            new TrainProgress(out, line))
                    .run(events, since);
            line.clear();
            Path next = outcome.model().isEmpty() ? null : series.next(NAME.format(started));
            if (next != null) {
                outcome.model().orElseThrow().save(next);
                if (url != null) {
                    new ServerSwap(url, tokenFile).to(next.getFileName().toString());
                }
                series.promote(next);
                series.prune(keep);
            }
            String verdict = (next == null ? "kept " + series.servedName() : "served now: " + series.servedName())
                    + ": " + outcome.reason();
            journal(series, started, next != null, outcome);
            out.println();
            out.println(verdict);
            return 0;
        }
    }

    private void requireKnownItems(TrainedModel served, StoredEvents events) {
        if (events.dataset().items().names().stream()
                .noneMatch(item -> served.items().indexOf(item) != null)) {
            throw new UserFacingException(
                    state + ": the served model knows none of the stored items, so that it cannot be"
                            + " carried on; if this is its store, train a new one: ttt4rec train --data " + state);
        }
    }

    /** The served model's filters, but for an end of the time range, which would leave all new events out. */
    private static PrepareOptions filters(TrainedModel served) {
        PrepareOptions first = served.config().data();
        return first.withTimeRange(first.after(), null);
    }

    private Instant since(ModelSeries series, TrainedModel served) {
        if (fittedUntil != null) {
            return fittedUntil;
        }
        Provenance.Fitted fitted = served.provenance().fitted();
        if (fitted == null || fitted.lastTime() == null) {
            throw new UserFacingException(series.served()
                    + ": does not say which events it has seen, as it was not fitted on all of them: train it without"
                    + " --no-refit, or give --fitted-until TIME");
        }
        return fitted.lastTime();
    }

    private @Nullable Dataset older() {
        if (!data.hasFile()) {
            return null;
        }
        Dataset log = data.load(ReadOptions.defaults(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        if (!log.hasTimes()) {
            throw new UserFacingException(data.file() + ": has an order but no times, so that its events cannot be put"
                    + " before those of the store: name their column by --time-column");
        }
        return log;
    }

    private static void journal(ModelSeries series, Instant started, boolean swapped, Retraining.Outcome outcome) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("started", started.toString());
        entry.put("finished", Instant.now().toString());
        entry.put("swapped", swapped);
        entry.put("served", series.servedName());
        entry.put("reason", outcome.reason());
        Gate gate = outcome.gate();
        if (gate != null) {
            entry.put("served_ndcg_10", gate.served());
            entry.put("candidate_ndcg_10", gate.candidate());
        }
        series.journal(entry);
    }

    private static final class InstantConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a date such as 2026-11-27 or a moment such as 2026-11-27T08:00:00Z");
            }
        }
    }
}
