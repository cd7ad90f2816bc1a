package io.github.ttt4rec.data;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of an application: a user interacted with an item.
 *
 * @param user the user's id
 * @param item the item's id
 * @param time the time of the event, kept to the microsecond; null if only the order of the events is known
 * @param type the type of the event, such as {@code buy}; empty if unknown
 * @param value the value of the event, such as a rating; NaN for none
 */
public record Interaction(
        String user, String item, @Nullable Instant time, String type, double value) {
    /** Throws {@link NullPointerException} naming the component that is null. */
    public Interaction {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(item, "item");
        Objects.requireNonNull(type, "type");
    }

    /** An event of unknown type. */
    public Interaction(String user, String item, @Nullable Instant time) {
        this(user, item, time, "", Double.NaN);
    }

    /** An event without a time; its place among the others gives its order. */
    public Interaction(String user, String item) {
        this(user, item, null);
    }
}
