package io.github.ttt4rec.data;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of an application: a user had an item.
 *
 * @param user the user's id
 * @param item the item's id
 * @param time when it happened, kept to the microsecond; null if only the order of the events is known
 */
public record Interaction(
        String user, String item, @Nullable Instant time) {
    /** An event of which only its place among the others is known. */
    public Interaction(String user, String item) {
        this(user, item, null);
    }
}
