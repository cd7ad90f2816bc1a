package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.option.InstantConverter;
import io.github.ttt4rec.cli.report.TrainProgress;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.internal.NothingLeftException;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.OptionValue;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the served model further on the events stored since, and serves the result if it is not worse. */
@Command(
        name = "retrain",
        description = {
            "Train the served model further on the events stored since, and serve the result if it is not worse.",
            "",
            "A candidate trains on all events except the latest half of the new ones. It is compared with the served"
                    + " model on that half, which neither has seen. It passes if the lower end of the 95 %%"
                    + " interval of its NDCG@10 minus the served model's (paired bootstrap over users) is above"
                    + " minus the margin; a better mean alone is not enough. If it passes, a model trained in the"
                    + " same way on all events is saved next to the served model and replaces it; otherwise the"
                    + " served model stays, and a line says why. The command can be killed at any time: one"
                    + " complete model stays served, and the next run starts from it.",
            ""
        },
        customSynopsis = "ttt4rec retrain --models DIR --state FILE [--url URL] [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec retrain --models models --state shop.db --url http://127.0.0.1:8080",
            "  ttt4rec retrain --models models --state shop.db --data older.csv --scratch",
            "",
            "  ttt4rec serve --model models --state shop.db          # serves the latest",
            "  ttt4rec rollback --models models                 # the one before it"
        })
public final class RetrainCommand implements Callable<Integer> {
    /** Starts the line of a step. */
    static final String STEP = "Step    ";

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            required = true,
            description = "Directory of models: holds the served model and receives the new one.")
    private Path models;

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The server's event store.")
    private Path state;

    @Option(names = "--url", paramLabel = "URL", description = "Server that should load the new model.")
    private @Nullable URI url;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File whose first line is an admin token of that server.")
    private @Nullable Path tokenFile;

    @Option(names = "--scratch", description = "Start from random weights instead of the served model's.")
    private boolean scratch;

    @Mixin
    private final CommandSpec numbers = CommandSpec.create();

    private final OptionValue<Integer> epochs = OptionValue.count(
            numbers,
            "--epochs",
            "N",
            1,
            "Number of epochs over all events, starting from the served model's weights (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> minNew = OptionValue.count(
            numbers,
            "--min-new-events",
            "N",
            400,
            "Minimum number of new events; with fewer, do nothing (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> maxPerUser = OptionValue.count(
            numbers,
            "--max-new-per-user",
            "N",
            1000,
            "Maximum number of new events of one user to use, against bots (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> keep = OptionValue.count(
            numbers, "--keep", "N", 5, "Number of earlier models to keep (default: ${DEFAULT-VALUE}).");

    @Option(
            names = "--margin",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Loss of NDCG@10, as a share of the served model's, up to which a new model may replace it"
                    + " (default: ${DEFAULT-VALUE}).")
    private double margin;

    @Option(
            names = "--fitted-until",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Time of the last event that the served model has seen, if the model does not record it.")
    private @Nullable Instant fittedUntil;

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (margin < 0 || margin >= 1) {
            throw new ParameterException(spec.commandLine(), "--margin must be from 0 to below 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        Instant started = Instant.now();
        try (ModelSeries series = ModelSeries.open(models)) {
            step(Retraining.Step.READ);
            series.prune(keep.value());
            TrainedModel served = TrainedModel.load(series.served());
            Instant since = since(series, served, started);
            StoredEvents.Raw events = StoredEvents.read(
                    new StoredEvents.Request(state, older(), since, started, maxPerUser.value(), roles(served)));
            out.println(Text.format(
                    "Served  %s, version %s, fitted until %s", series.servedName(), served.version(), since));
            out.flush();
            Retraining.Outcome outcome = retrain(served, since, events);
            Path next = outcome.model().isEmpty() ? null : series.next(NAME.format(started));
            if (next != null) {
                step(Retraining.Step.SAVE);
                try {
                    outcome.model().orElseThrow().save(next);
                    if (url != null) {
                        new ServerSwap(url, tokenFile).to(next.getFileName().toString());
                    }
                    series.promote(next);
                } finally {
                    // Also removes the new model if it could not be saved or the server did not take it.
                    series.prune(keep.value());
                }
            }
            String verdict = (next == null ? "kept " + series.servedName() : "served now: " + series.servedName())
                    + ": " + outcome.reason();
            journal(series, started, next != null, outcome);
            out.println();
            out.println(verdict);
            return 0;
        }
    }

    private Retraining.Outcome retrain(TrainedModel served, Instant since, StoredEvents.Raw events)
            throws InterruptedException {
        if (events.newEvents() < minNew.value()) {
            return kept(
                    Text.format(
                            "only %s since the model was fitted at %s, at least %,d are needed",
                            Text.count(events.newEvents(), "event"), since, minNew.value()),
                    events);
        }
        PrepareOptions filters = filters(served);
        StoredEvents prepared;
        try {
            prepared = events.prepare(filters);
        } catch (NothingLeftException e) {
            return kept(
                    Text.format(
                            "none of the stored events (%,d) is left by the filters of the model's training: %,d or more events of a"
                                    + " user, %,d or more of an item",
                            events.size(), filters.minUserEvents(), filters.minItemEvents()),
                    events);
        }
        return retrain(served, since, prepared);
    }

    /** Keeps the served model, and says which events were left out before there were too few. */
    private static Retraining.Outcome kept(String reason, StoredEvents.Raw events) {
        return Retraining.Outcome.kept(String.join(
                "; ", Stream.concat(Stream.of(reason), events.notes().stream()).toList()));
    }

    private Retraining.Outcome retrain(TrainedModel served, Instant since, StoredEvents events)
            throws InterruptedException {
        requireKnownItems(served, events);
        PrintWriter out = spec.commandLine().getOut();
        out.println(Text.format(
                "Events  %,d of %s, %,d of them new",
                events.dataset().eventCount(), Text.count(events.dataset().userCount(), "user"), events.newEvents()));
        events.notes().forEach(note -> Text.wrap("  ! ", note).forEach(out::println));
        out.flush();
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), Terminal.detect().error());
        Retraining.Outcome outcome = new Retraining(
                        served,
                        attributes(served, events.dataset(), out),
                        new Retraining.Settings(scratch, epochs.value(), minNew.value(), margin, threads.count()),
                        new TrainProgress(out, line),
                        this::step)
                .run(events, since);
        line.clear();
        return outcome;
    }

    /** Returns the stored attributes of items for a served model that was trained with attributes, and none otherwise. */
    private Map<String, ItemAttributes> attributes(TrainedModel served, Dataset events, PrintWriter out) {
        if (!served.encodesAttributes()) {
            return Map.of();
        }
        Map<String, ItemAttributes> attributes = StoredAttributes.read(state);
        if (events.items().names().stream().noneMatch(attributes::containsKey)) {
            Text.wrap(
                            "  ! ",
                            "the served model was trained with attributes, but the store has none of its items: the new model"
                                    + " learns from events alone; give serve the same --items as train")
                    .forEach(out::println);
            return Map.of();
        }
        return attributes;
    }

    private void step(Retraining.Step step) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(STEP + step.words());
        out.flush();
    }

    private void requireKnownItems(TrainedModel served, StoredEvents events) {
        if (events.dataset().items().names().stream()
                .noneMatch(item -> served.items().indexOf(item) != null)) {
            throw new UserFacingException(state
                    + ": the served model knows none of the stored items, so its training cannot continue; if this is"
                    + " its store, train a new model: ttt4rec train --data "
                    + state);
        }
    }

    /** Returns the served model's filters without the end of the time range, which would exclude all new events. */
    private static PrepareOptions filters(TrainedModel served) {
        PrepareOptions first = served.config().data();
        return first.withTimeRange(first.after(), null);
    }

    private Instant since(ModelSeries series, TrainedModel served, Instant now) {
        if (fittedUntil != null) {
            return fittedUntil;
        }
        Provenance.Fitted fitted = served.provenance().fitted();
        if (fitted == null || fitted.lastTime() == null) {
            throw new UserFacingException(series.served()
                    + ": does not record which events it has seen, because it was not fitted on all of them:"
                    + " train it without --no-refit, or give --fitted-until TIME");
        }
        if (fitted.lastTime().isAfter(now.plus(StoredEvents.AHEAD))) {
            throw new UserFacingException(series.served() + ": was fitted on events until " + fitted.lastTime()
                    + ", which lies in the future because of a wrong clock, so no event would count as new: train it"
                    + " with --before TIME, or give --fitted-until TIME");
        }
        return fitted.lastTime();
    }

    /** Returns the roles of events that the served model was trained with; an additional log must not need roles. */
    private @Nullable EventRoles roles(TrainedModel served) {
        String types = served.config().read().types();
        if (types != null && data.hasFile()) {
            throw new UserFacingException(data.file() + ": the served model was trained with --types \"" + types
                    + "\": put the log into the store first, with its types: ttt4rec import --type-column");
        }
        return types == null ? null : EventRoles.parse(types);
    }

    private @Nullable Dataset older() {
        if (!data.hasFile()) {
            return null;
        }
        Dataset log = data.load(ReadOptions.defaults(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        if (!log.hasTimes()) {
            throw new UserFacingException(data.file()
                    + ": has an order but no times, so its events cannot be ordered with those of the store:"
                    + " name the column of times by --time-column");
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
}
