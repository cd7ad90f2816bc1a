package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event: a user had an item.
 *
 * @param user the user's id, see {@link Ids}
 * @param item the item's id; no model needs to know it
 * @param timeMicros the client's time in epoch microseconds; it is stored and shown, but a user's events are ordered by
 *     acceptance
 * @param eventId the client's id of the event; an event sent again with the same id changes nothing. If it is null,
 *     every request is a new event, whose id is {@code auto-} and its position
 * @param type what happened
 * @param context the circumstances
 */
public record Event(
        String user, String item, long timeMicros, @Nullable String eventId, EventType type, EventContext context) {
    private static final Pattern MADE_BY_THE_STORE = Pattern.compile("auto-[0-9]+");

    /**
     * Throws {@link UserFacingException} if an id is empty, too long or not Unicode text, or if the event id has the
     * form of the store's own ids.
     */
    public Event {
        Ids.require(user, "user");
        Ids.require(item, "item");
        if (eventId != null) {
            Ids.require(eventId, "event_id");
            if (isMadeId(eventId)) {
                throw new UserFacingException(
                        "event_id: ids of the form auto-NUMBER are reserved for events without an event_id");
            }
        }
    }

    /** An event in no known circumstances. */
    public Event(String user, String item, long timeMicros, @Nullable String eventId, EventType type) {
        this(user, item, timeMicros, eventId, type, EventContext.NONE);
    }

    /** An event of no known type. */
    public Event(String user, String item, long timeMicros, @Nullable String eventId) {
        this(user, item, timeMicros, eventId, EventType.NONE);
    }

    /** Returns whether an id has the form of those that the store makes for events without an id. */
    public static boolean isMadeId(String eventId) {
        return MADE_BY_THE_STORE.matcher(eventId).matches();
    }

    /** Returns the id of an event that the client sent without one. */
    static String madeId(long position) {
        return "auto-" + position;
    }
}
