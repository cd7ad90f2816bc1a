package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.data.read.EventLog;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.terminal.Text;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of a log in the form in which a store keeps them.
 *
 * @param users each user's events, in order of time; events with equal times keep the order of the log
 * @param notes one line for each reason for which something was left out
 */
record ImportedLog(Map<String, List<Event>> users, List<String> notes) {
    private static final int MAX_SHARED = 100_000;

    /** The events of a log that was read without event ids and types, created on demand. */
    static ImportedLog of(Path file, Dataset log) {
        if (!log.hasTimes()) {
            throw withoutTimes(file);
        }
        // Fails before anything is stored.
        checked(file, () -> {
            log.users().names().forEach(user -> new Event(user, "item", 0, null));
            log.items().names().forEach(item -> new Event("user", item, 0, null));
        });
        Map<String, List<Event>> users = new LinkedHashMap<>();
        for (int user = 0; user < log.userCount(); user++) {
            users.put(log.users().name(user + 1), new UserEvents(log, user));
        }
        return new ImportedLog(users, List.of());
    }

    /**
     * Reads the events of a store, with their ids, types, values and contexts.
     *
     * @param range only its range of time applies
     */
    static ImportedLog ofStore(Path file, PrepareOptions range) {
        Collector collector = new Collector(file, range, true);
        try (StoreLog log = StoreLog.open(file)) {
            for (LoggedEvent event : log) {
                collector.type = event.type();
                collector.context = event.context();
                collector.add(event.user(), event.item(), EventTime.micros(event.time()), event.eventId());
            }
        }
        return collector.finish();
    }

    /**
     * Reads the events of a log, with their ids, types, values and contexts.
     *
     * @param range only its range of time applies
     * @param numbers whether each value must be a number; otherwise values that are none are left out
     * @param contexts the columns with the context of events
     * @param badRows receives a line for each bad row that is skipped
     */
    static ImportedLog withTypes(
            List<Path> files,
            ReadOptions read,
            PrepareOptions range,
            boolean numbers,
            ContextColumns contexts,
            Consumer<String> badRows) {
        Path file = files.getFirst();
        Collector collector = new Collector(file, range, numbers);
        ContextColumns.Reader context = new ContextColumns.Reader(file, contexts);
        EventLog.read(files, read, new EventLog.Taker() {
            @Override
            public void begin(ReadReport report) {
                if (report.ordinalTimes()) {
                    throw withoutTimes(file);
                }
            }

            @Override
            public void type(String name, String value) {
                collector.type(name, value);
            }

            @Override
            public List<Integer> contextColumns(List<String> names, Set<Integer> used) {
                return context.find(names, used);
            }

            @Override
            public void context(int column, String value) {
                context.value(column, value);
            }

            @Override
            public void event(String user, String item, long micros, @Nullable String eventId) {
                collector.context = collector.shared(context.take());
                collector.add(user, item, micros, eventId);
            }

            @Override
            public void tie(long number) {
                collector.tie(number);
            }

            @Override
            public void badRow(String message) {
                badRows.accept(message);
            }
        });
        return collector.finish();
    }

    private static UserFacingException withoutTimes(Path file) {
        return new UserFacingException(file
                + ": has an order but no times, and a store needs times: name the column of times by --time-column");
    }

    private static void checked(Path file, Runnable work) {
        try {
            work.run();
        } catch (UserFacingException e) {
            throw new UserFacingException(file + ": " + e.getMessage(), e);
        }
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

    /** An event with the number that orders it among events of its user at the same time. */
    private record Tied(Event event, long tie) {}

    /** Collects the events of each user. */
    private static final class Collector {
        private final Path file;
        private final long from;
        private final long to;
        private final boolean numbers;
        private final Map<String, List<Tied>> users = new LinkedHashMap<>();
        /** Ids and types that occur often, so that memory holds them once. */
        private final Map<Object, Object> shared = new HashMap<>();

        private EventType type = EventType.NONE;
        private EventContext context = EventContext.NONE;
        private List<Tied> last = List.of();
        private long noNumbers;

        Collector(Path file, PrepareOptions range, boolean numbers) {
            this.file = file;
            this.numbers = numbers;
            from = bound(range.after(), Long.MIN_VALUE);
            to = bound(range.before(), Long.MAX_VALUE);
        }

        private static long bound(@Nullable TimeBound bound, long without) {
            return bound == null ? without : bound.on(true);
        }

        void type(String name, String value) {
            checked(file, () -> type = shared(new EventType(name, number(value))));
        }

        private double number(String value) {
            if (value.isEmpty()) {
                return Double.NaN;
            }
            try {
                double number = Double.parseDouble(value);
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
            if (numbers) {
                throw new UserFacingException("the value \"" + value + "\" is not a number");
            }
            noNumbers++;
            return Double.NaN;
        }

        @SuppressWarnings("unchecked") // The map holds each object under itself.
        private <T> T shared(T value) {
            Object before = shared.size() < MAX_SHARED ? shared.putIfAbsent(value, value) : shared.get(value);
            return before == null ? value : (T) before;
        }

        void add(String user, String item, long micros, @Nullable String eventId) {
            last = List.of();
            if (micros < from || micros >= to) {
                return;
            }
            List<Tied> events = users.computeIfAbsent(user, first -> new ArrayList<>());
            String id = eventId == null || Event.isMadeId(eventId) ? null : eventId;
            String owner = events.isEmpty() ? user : events.getFirst().event.user();
            checked(file, () -> events.add(new Tied(new Event(owner, shared(item), micros, id, type, context), 0)));
            last = events;
        }

        void tie(long number) {
            if (!last.isEmpty()) {
                last.set(last.size() - 1, new Tied(last.getLast().event, number));
            }
        }

        ImportedLog finish() {
            Map<String, List<Event>> sorted = new LinkedHashMap<>();
            users.forEach((user, events) -> {
                events.sort(Comparator.comparingLong((Tied tied) -> tied.event.timeMicros())
                        .thenComparingLong(Tied::tie));
                sorted.put(user, events.stream().map(Tied::event).toList());
            });
            return new ImportedLog(
                    sorted,
                    noNumbers == 0
                            ? List.of()
                            : List.of(Text.count(noNumbers, "value") + " left out: not a number"
                                    + " (--value-column names another column)"));
        }
    }
}
