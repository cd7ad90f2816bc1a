package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.data.read.EventLog;
import org.jspecify.annotations.Nullable;

/**
 * A user had an item.
 *
 * @param user the user's id
 * @param item the item's id, known to the model or not
 * @param time the source's time in epoch microseconds; {@link #NO_TIME} if it gives none. It does not affect the order
 * @param eventId identifies repeated deliveries; an event without an id always counts as new
 * @param type the event's type; {@code ""} if it has none, or if the job reads no types
 * @param value the event's value; NaN if it has none, or if the job reads no values
 */
public record UserEvent(
        String user, String item, long time, @Nullable String eventId, String type, double value) implements Input {
    /** Marks an unknown time. */
    public static final long NO_TIME = EventLog.NO_TIME;

    /** An event without a type. */
    public UserEvent(String user, String item, long time, @Nullable String eventId) {
        this(user, item, time, eventId, "", Double.NaN);
    }

    /** Converts a time from milliseconds, which earlier versions kept, to microseconds. */
    static long microseconds(long milliseconds) {
        return milliseconds == NO_TIME ? NO_TIME : Math.multiplyExact(1000, milliseconds);
    }
}
