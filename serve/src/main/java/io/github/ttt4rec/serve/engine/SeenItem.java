package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One event of a user's history.
 *
 * @param position its position among the user's events, from 0
 * @param item the item's id
 * @param timeMicros its time in epoch microseconds, as the client gave it
 * @param eventId the event's id
 * @param type what happened
 * @param context the circumstances
 * @param role the use that the model makes of it
 * @param known whether the model knows the item
 * @param innerLoss the inner loss before the event was learned, summed over features, mean over heads and layers; null
 *     if the current state does not include the event, or the model has no fast weights
 * @param change the change of the fast weights by the event, as Euclidean norm over all heads and layers; null in the
 *     same cases
 */
public record SeenItem(
        long position,
        String item,
        long timeMicros,
        String eventId,
        EventType type,
        EventContext context,
        EventRoles.Role role,
        boolean known,
        @Nullable Double innerLoss,
        @Nullable Double change) {}
