package io.github.ttt4rec.flink.state;

import org.jspecify.annotations.Nullable;

/**
 * A user had an item.
 *
 * @param user the user's id
 * @param item the item's id, known to the model or not
 * @param time when, as the source says; {@link #NO_TIME} where it does not. Of no influence on the order
 * @param eventId by which the event is known when it comes again; without one it is a new event each time
 */
public record UserEvent(
        String user, String item, long time, @Nullable String eventId) implements Input {
    /** No time is known. */
    public static final long NO_TIME = Long.MIN_VALUE;
}
