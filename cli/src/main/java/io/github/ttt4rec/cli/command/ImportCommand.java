package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.read.EventLog;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredEvent;
import io.github.ttt4rec.serve.store.Twins;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                    + " that is already in the store (same user, item and time) is not stored again, so an import"
                    + " can be repeated. Events older than the latest stored event of their user are skipped and"
                    + " counted, because the order of a user's events never changes. Stop the server first."
                    + " --type-column and --value-column"
                    + " store types and values; --types then skips events whose role is ignored.",
            ""
        },
        customSynopsis = "ttt4rec import --data FILE --state FILE [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ttt4rec import --data events.csv --state shop.db", "  ttt4rec serve --model model --state shop.db"
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

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() {
        ReadOptions read = data.readOptions(ReadOptions.defaults());
        boolean typed = read.typeColumn() != null || read.valueColumn() != null || read.types() != null;
        Map<String, List<Event>> log = typed ? typed(read) : untyped();
        long stored = 0;
        long known = 0;
        long late = 0;
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            List<Event> batch = new ArrayList<>();
            for (Map.Entry<String, List<Event>> user : log.entrySet()) {
                String id = user.getKey();
                List<StoredEvent> before = store.events(id);
                Twins twins = new Twins();
                before.forEach(event -> twins.add(id, event.item(), event.timeMicros()));
                long last =
                        before.stream().mapToLong(StoredEvent::timeMicros).max().orElse(Long.MIN_VALUE);
                for (Event event : user.getValue()) {
                    if (twins.take(id, event.item(), event.timeMicros())) {
                        known++;
                    } else if (event.timeMicros() < last) {
                        late++;
                    } else {
                        batch.add(event);
                        stored++;
                    }
                    if (batch.size() == BATCH) {
                        store.append(batch);
                        batch.clear();
                    }
                }
            }
            if (!batch.isEmpty()) {
                store.append(batch);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Text.format("%s: %,d events of %s stored", state, stored, data.file()));
        if (known > 0) {
            out.println(Text.format("  %,d were already in the store", known));
        }
        if (late > 0) {
            out.println(Text.format(
                    "  %,d skipped: the store has later events of their users, whose order must not change", late));
        }
        return 0;
    }

    /** Each user's events in order of time, created on demand. */
    private Map<String, List<Event>> untyped() {
        Dataset log = data.load(ReadOptions.defaults(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        if (!log.hasTimes()) {
            throw withoutTimes();
        }
        Map<String, List<Event>> users = new LinkedHashMap<>();
        for (int user = 0; user < log.userCount(); user++) {
            users.put(log.users().name(user + 1), new UserEvents(log, user));
        }
        return users;
    }

    private UserFacingException withoutTimes() {
        return new UserFacingException(data.file()
                + ": has an order but no times, and a store needs times: name the column of times by --time-column");
    }

    private static final class UserEvents extends AbstractList<Event> {
        private final Dataset log;
        private final int user;

        UserEvents(Dataset log, int user) {
            this.log = log;
            this.user = user;
        }

        @Override
        public Event get(int position) {
            return new Event(
                    log.users().name(user + 1),
                    log.items().name(log.item(user, position)),
                    log.times()[log.start(user) + position],
                    null);
        }

        @Override
        public int size() {
            return log.length(user);
        }
    }

    /** Each user's events with their types, in order of time; events with equal times keep the order of the file. */
    private Map<String, List<Event>> typed(ReadOptions read) {
        if (!data.prepareOptions(PrepareOptions.keepAll()).equals(PrepareOptions.keepAll())) {
            throw new ParameterException(
                    spec.commandLine(), "with types every event is imported: leave filters and --deduplicate out");
        }
        Map<String, List<Event>> users = new LinkedHashMap<>();
        ReadOptions all = read.types() == null ? read.withTypes(read.typeColumn(), read.valueColumn(), "*") : read;
        EventLog.read(data.files(), all, new EventLog.Taker() {
            private EventType type = EventType.NONE;

            @Override
            public void begin(ReadReport report) {
                if (report.ordinalTimes()) {
                    throw withoutTimes();
                }
            }

            @Override
            public void type(String name, String value) {
                type = new EventType(name, number(value));
            }

            @Override
            public void event(String user, String item, long micros, @Nullable String eventId) {
                users.computeIfAbsent(user, first -> new ArrayList<>())
                        .add(new Event(user, item, micros, eventId, type));
            }

            @Override
            public void badRow(String message) {
                spec.commandLine().getErr().println(message);
            }
        });
        users.values().forEach(events -> events.sort(Comparator.comparingLong(Event::timeMicros)));
        return users;
    }

    private double number(String value) {
        try {
            return value.isEmpty() ? Double.NaN : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new UserFacingException(data.file() + ": the value \"" + value + "\" is not a number", e);
        }
    }
}
