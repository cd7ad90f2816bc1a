package io.github.ttt4rec.data;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of an application: a user interacted with an item.
 *
 * @param user the user's id
 * @param item the item's id
 * @param time when it happened, kept to the microsecond; null if only the order of the events is known
 * @param type what happened, such as {@code buy}; empty if that is not known
 * @param value a number that belongs to it, such as a rating; NaN without one
 */
public record Interaction(
        String user, String item, @Nullable Instant time, String type, double value) {
    /** An event of no known type. */
    public Interaction(String user, String item, @Nullable Instant time) {
        this(user, item, time, "", Double.NaN);
    }

    /** An event of which only its place among the others is known. */
    public Interaction(String user, String item) {
        this(user, item, null);
    }
}
