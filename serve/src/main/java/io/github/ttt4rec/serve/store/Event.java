package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import org.jspecify.annotations.Nullable;

/**
 * A user had an item.
 *
 * @param user the user's id, see {@link Ids}
 * @param item the item's id; need not be in any model's catalogue
 * @param timeMillis when, in epoch milliseconds, as the client says; kept and shown, but the order of a user's events is the
 *     order in which they were accepted
 * @param eventId what the client calls this event: sending it again with the same id changes nothing. Null: no
 *     de-duplication, the store makes an id
 */
public record Event(
        String user, String item, long timeMillis, @Nullable String eventId) {
    /** Throws {@link UserFacingException} where an id is empty, too long or no Unicode text. */
    public Event {
        Ids.require(user, "user");
        Ids.require(item, "item");
        if (eventId != null) {
            Ids.require(eventId, "event_id");
        }
    }
}
