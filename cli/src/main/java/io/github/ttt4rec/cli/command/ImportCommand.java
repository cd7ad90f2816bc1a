package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.ShownItem;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoreException;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.serve.store.StoredEvent;
import io.github.ttt4rec.serve.store.Twins;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Imports the events of a log into a server's store, so that the server knows its users from the first day. */
@Command(
        name = "import",
        description = {
            "Import the events of a log into a server's store, so that a new server knows its users.",
            "",
            "Stores every event of the log, in order of time, also events of items that no model knows yet. An event"
                    + " that is already in the store (same user and event id, or same user, item and time) is not stored"
                    + " again, so an import can be repeated. Events older than the latest stored event of their user are"
                    + " skipped and counted, because the order of a user's events never changes. Stop the server first.",
            "",
            "Event ids, types and values are stored as well if columns have usual names such as event_id, type and value,"
                    + " or if --type-column and --value-column name them; --types then skips events whose role is ignored."
                    + " So is the context of events (a country, a device) from the columns of an exported log, or from those"
                    + " that --context-columns names."
                    + " The log may be another store. --impressions imports items that users were shown, as export"
                    + " --impressions writes them.",
            ""
        },
        customSynopsis = {
            "ttt4rec import --data FILE --state FILE [OPTIONS]",
            "       ttt4rec import --impressions FILE --state FILE"
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec import --data events.csv --state shop.db",
            "  ttt4rec import --impressions shown.csv --state shop.db",
            "  ttt4rec serve --model model --state shop.db"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int BATCH = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            required = true,
            description = "The server's event store; created if it does not exist.")
    private Path state;

    @Option(
            names = "--impressions",
            paramLabel = "FILE",
            description =
                    "Impressions to import instead of a log: CSV with the columns user, item, scenario, place, shown"
                            + " and time.")
    private @Nullable Path impressions;

    @Option(
            names = "--context-columns",
            paramLabel = "COLUMNS",
            converter = ContextColumns.Converter.class,
            description =
                    "Columns with the context of events, between commas, such as country,device; NAME=COLUMN stores one"
                            + " under another name; all takes the columns whose names begin with context_ (default: these"
                            + " columns of a log that export wrote).")
    private @Nullable ContextColumns contexts;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() {
        if (impressions != null) {
            importImpressions(impressions);
            return 0;
        }
        ImportedLog log = read();
        Counts counts = new Counts();
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store(log, store, counts);
        }
        print(counts, log.notes());
        return 0;
    }

    private void store(ImportedLog log, EventStore store, Counts counts) {
        long kept = 0;
        try {
            List<Event> batch = new ArrayList<>();
            for (Map.Entry<String, List<Event>> user : log.users().entrySet()) {
                Comparison comparison = new Comparison(user.getKey(), store.events(user.getKey()), counts);
                for (Event event : user.getValue()) {
                    Event added = comparison.added(event);
                    if (added != null) {
                        batch.add(added);
                    }
                    if (batch.size() == BATCH) {
                        store.append(batch);
                        kept += batch.size();
                        batch.clear();
                    }
                }
            }
            if (!batch.isEmpty()) {
                store.append(batch);
            }
        } catch (StoreException failure) {
            throw unfinished(String.valueOf(failure.getMessage()), kept, "once that is mended", failure);
        } catch (DamagedUserException failure) {
            throw unfinished(
                    state + ": " + failure.getMessage(),
                    kept,
                    "after './ttt4rec check --state " + state + " --save NEW', into NEW",
                    failure);
        }
    }

    /** Says that the import stopped half-way, which keeps what it has stored. */
    private static UserFacingException unfinished(String reason, long kept, String when, RuntimeException failure) {
        return new UserFacingException(
                reason + "; " + Text.count(kept, "event") + " of the log " + (kept == 1 ? "is" : "are")
                        + " stored and stay: import it again " + when + ", which adds the others",
                failure);
    }

    private void print(Counts counts, List<String> notes) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(state + ": " + Text.count(counts.stored, "event") + " of " + data.file() + " stored");
        if (counts.known > 0) {
            out.println(Text.format("  %,d %s already in the store", counts.known, counts.known == 1 ? "was" : "were"));
        }
        if (counts.repeated > 0) {
            out.println(Text.format("  %,d skipped: the log has them twice, with the same event id", counts.repeated));
        }
        if (counts.late > 0) {
            out.println(Text.format(
                    "  %,d skipped: the store has later events of their users, whose order must not change",
                    counts.late));
        }
        if (counts.ambiguous > 0) {
            out.println(Text.format(
                    "  %,d stored without event id: another event of the same user has the same one",
                    counts.ambiguous));
        }
        notes.forEach(note -> out.println("  " + note));
    }

    /** Reads the log with event ids, types and values if it has them. */
    private ImportedLog read() {
        ReadOptions read = data.readOptions(ReadOptions.defaults());
        PrepareOptions filters = data.prepareOptions(PrepareOptions.keepAll());
        boolean whole = filters.withTimeRange(null, null).equals(PrepareOptions.keepAll());
        boolean typed =
                read.typeColumn() != null || read.valueColumn() != null || read.types() != null || contexts != null;
        if (typed && !whole) {
            throw new ParameterException(
                    spec.commandLine(),
                    "with types or contexts every event is imported: leave --deduplicate and filters other than --after and --before"
                            + " out");
        }
        if (StoreLog.isStore(data.file())) {
            if (typed || !whole) {
                throw new ParameterException(
                        spec.commandLine(),
                        "every event of a store is imported, with its type and context: leave --types, --context-columns,"
                                + " --deduplicate and filters other than --after and --before out");
            }
            return ImportedLog.ofStore(data.file(), filters);
        }
        ReadOptions all =
                read.types() == null ? read.withTypes(read.typeColumn(), read.valueColumn(), EventRoles.EVERY) : read;
        PrintWriter err = spec.commandLine().getErr();
        if (typed) {
            return ImportedLog.withTypes(
                    data.files(),
                    all,
                    filters,
                    read.valueColumn() != null,
                    contexts == null ? ContextColumns.OF_EXPORTED_LOGS : contexts,
                    err::println);
        }
        LoadedData loaded = data.load(all, PrepareOptions.keepAll());
        DataReport.print(spec.commandLine().getOut(), loaded.report());
        ReadOptions resolved = loaded.report().resolved();
        String leftOut = ContextColumns.leftOut(loaded.report().columns());
        if (leftOut != null) {
            err.println(data.file() + ": " + leftOut);
        }
        if (resolved.eventIdColumn() == null
                && resolved.typeColumn() == null
                && resolved.valueColumn() == null
                && !ContextColumns.areExported(loaded.report().columns())) {
            return ImportedLog.of(data.file(), loaded.dataset());
        }
        if (!whole) {
            err.println(data.file()
                    + ": event ids, types, values and contexts are not imported together with --deduplicate or"
                    + " filters other than --after and --before");
            return ImportedLog.of(data.file(), loaded.dataset());
        }
        return ImportedLog.withTypes(
                data.files(), resolved, filters, false, ContextColumns.OF_EXPORTED_LOGS, err::println);
    }

    private void importImpressions(Path file) {
        if (data.hasFile()) {
            throw new ParameterException(spec.commandLine(), "give either --data or --impressions");
        }
        Map<String, List<ShownItem>> users = ImpressionsFile.read(file);
        long added = 0;
        long all = 0;
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            for (Map.Entry<String, List<ShownItem>> user : users.entrySet()) {
                added += store.addShown(user.getKey(), user.getValue());
                all += user.getValue().size();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(state + ": " + Text.count(added, "item") + " shown to users stored");
        if (added < all) {
            out.println(Text.format(
                    "  %,d skipped: in the store already, taken since, or shown too long ago", all - added));
        }
    }

    /** The numbers of events. */
    private static final class Counts {
        private long stored;
        private long known;
        private long repeated;
        private long late;
        private long ambiguous;
    }

    /** Compares a user's events of the log with the stored ones. */
    private static final class Comparison {
        private final Counts counts;
        private final Twins twins = new Twins();
        private final Set<String> storedIds = new HashSet<>();
        private final Map<String, Event> newIds = new HashMap<>();
        private final long last;

        Comparison(String user, List<StoredEvent> before, Counts counts) {
            this.counts = counts;
            long latest = Long.MIN_VALUE;
            for (StoredEvent event : before) {
                twins.add(user, event.item(), event.timeMicros());
                storedIds.add(event.eventId());
                latest = Math.max(latest, event.timeMicros());
            }
            last = latest;
        }

        /** Counts an event, and returns the event to store; null if there is none. */
        @Nullable Event added(Event event) {
            String id = event.eventId();
            boolean twin = twins.take(event.user(), event.item(), event.timeMicros());
            if (twin || (id != null && storedIds.contains(id))) {
                counts.known++;
                return null;
            }
            if (event.timeMicros() < last) {
                counts.late++;
                return null;
            }
            Event same = id == null ? null : newIds.putIfAbsent(id, event);
            if (same == null) {
                counts.stored++;
                return event;
            }
            if (same.item().equals(event.item()) && same.timeMicros() == event.timeMicros()) {
                counts.repeated++;
                return null;
            }
            counts.stored++;
            counts.ambiguous++;
            return new Event(event.user(), event.item(), event.timeMicros(), null, event.type(), event.context());
        }
    }
}
