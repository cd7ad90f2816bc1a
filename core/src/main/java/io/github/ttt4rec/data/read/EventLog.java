package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log row by row, for callers that process it as a stream instead of sorting it. The file is read twice: first
 * to decide the meaning of its columns, times and ids, by the rules of {@link Datasets}, and then to deliver its
 * events. Memory holds each distinct id once, but no rows.
 */
public final class EventLog {
    /** The time of an event if the log has no times, or only order numbers. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private EventLog() {}

    /** Receives the rows of a log in file order. */
    public interface Taker {
        /** Receives the report of the first pass, before any row. */
        void begin(ReadReport report);

        /**
         * Receives an event.
         *
         * @param micros the time in epoch microseconds, or {@link #NO_TIME}
         * @param eventId the event's id, or null; the events of a list in one row get {@code #2}, {@code #3} and so on
         *     appended to the row's id
         */
        void event(String user, String item, long micros, @Nullable String eventId);

        /** Receives the type and the value of the next event as written; empty for none. */
        default void type(String type, String value) {}

        /**
         * Returns the columns whose values {@link #context} receives. Called once for each file.
         *
         * @param names the names of all columns; {@code []} in a name marks a list
         * @param used the indices of the columns that have another role
         */
        default List<Integer> contextColumns(List<String> names, Set<Integer> used) {
            return List.of();
        }

        /** Receives a value of one of the {@link #contextColumns} for the next event, as written, if it is not empty. */
        default void context(int column, String value) {}

        /**
         * Receives a number that orders the last event among its user's events at the same time. Either all events have
         * such a number or none has.
         */
        default void tie(long number) {}

        /** Receives a message about a bad row that was skipped. */
        void badRow(String message);
    }

    /**
     * Reads {@code file}, or a directory or pattern of files, Columns of times and of event ids are optional.
     *
     * @throws UserFacingException if the file cannot be read as asked, or has a bad row that is not to be skipped;
     *     {@code taker} has then received no row, unless the file changed between the two passes
     */
    public static void read(Path file, ReadOptions options, Taker taker) {
        read(List.of(file), options, taker);
    }

    /** The same for several files, one after the other. */
    public static void read(List<Path> files, ReadOptions options, Taker taker) {
        InteractionLog log = InteractionLog.ofIds(LogReader.MAX_FIRST_EVENTS);
        ReadReport report = LogReader.read(files, options, log).report();
        taker.begin(report);
        ReadOptions resolved = report.resolved();
        TimeParser times = new TimeParser(resolved.timeUnit(), resolved.timePattern(), new LongColumn());
        Target target = new Target(taker, times, log, report.ordinalTimes());
        BadRows badRows = new BadRows(options.skipBadRows(), taker::badRow);
        for (Path part : LogFiles.of(files)) {
            LogReader.again(part, resolved, target, times, badRows);
        }
    }

    /** Passes events on as strings. */
    private static final class Target implements EventTarget {
        private final Taker taker;
        private final TimeParser times;
        private final boolean wholeUsers;
        private final boolean wholeItems;
        private final boolean untimed;
        private long size;
        private @Nullable String eventId;

        Target(Taker taker, TimeParser times, InteractionLog ids, boolean untimed) {
            this.taker = taker;
            this.times = times;
            this.wholeUsers = ids.wholeUsers();
            this.wholeItems = ids.wholeItems();
            this.untimed = untimed;
        }

        @Override
        public void add(IdBuffer userId, IdBuffer itemId, long time) {
            size++;
            taker.event(
                    text(userId, wholeUsers),
                    text(itemId, wholeItems),
                    untimed ? NO_TIME : times.micros(time),
                    eventId);
            eventId = null;
        }

        private static String text(IdBuffer id, boolean whole) {
            String text = new String(id.bytes(), 0, id.length(), StandardCharsets.UTF_8);
            return whole ? WholeNumbers.whole(text) : text;
        }

        @Override
        public void tie(long number) {
            taker.tie(number);
        }

        @Override
        public void eventId(IdBuffer id, int position) {
            String text = text(id, false);
            eventId = position == 0 ? text : text + "#" + (position + 1);
        }

        @Override
        public void type(String type, String value) {
            taker.type(type, value);
        }

        @Override
        public List<Integer> contextColumns(List<String> names, Set<Integer> used) {
            return taker.contextColumns(names, used);
        }

        @Override
        public void context(int column, String value) {
            taker.context(column, value);
        }

        @Override
        public boolean wantsTypes() {
            return true;
        }

        @Override
        public void kind(EventRoles roles, int kind) {
            // The taker gets types, and applies rules of its own.
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public boolean wantsEventIds() {
            return true;
        }

        @Override
        public boolean needsTimes() {
            return false;
        }
    }
}
