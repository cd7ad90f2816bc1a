package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;

/**
 * The type of an event, with its value.
 *
 * @param name such as {@code buy}; empty if unknown
 * @param value a number such as a rating; NaN if there is none
 */
public record EventType(String name, double value) {
    /** The type of events without a known type. */
    public static final EventType NONE = new EventType("", Double.NaN);

    /** Throws {@link UserFacingException} if the name is too long or no Unicode text, or the value is infinite. */
    public EventType {
        if (!name.isEmpty()) {
            Ids.require(name, "type");
        }
        if (Double.isInfinite(value)) {
            throw new UserFacingException("value: must be a finite number");
        }
    }

    /** Creates a type without a value. */
    public static EventType of(String name) {
        return new EventType(name, Double.NaN);
    }

    boolean isNone() {
        return name.isEmpty() && Double.isNaN(value);
    }
}
