package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored data of a user.
 *
 * @param user the id
 * @param events the number of events accepted so far, those no longer kept included
 * @param modelVersion the version of the model that computed the losses
 * @param history the kept events, oldest first
 */
public record UserView(String user, long events, String modelVersion, List<SeenItem> history) {
    /** Describes a user's stored events, of which there is at least one, with their effects on a model's fast weights. */
    static UserView of(String user, List<StoredEvent> events, ModelSlot model) {
        ReadEvents read = new ReadEvents(model.live(), model.roles(), events.size());
        boolean[] isRead = new boolean[events.size()];
        for (int i = 0; i < isRead.length; i++) {
            StoredEvent event = events.get(i);
            isRead[i] = read.add(event.item(), event.timeMicros(), event.type());
        }
        int[] items = read.tokens();
        long first = events.getFirst().position();
        long start = model.live().start(first + items.length);
        Iterator<Optional<InnerStep>> steps =
                model.steps(items, (int) Math.max(0, start - first)).iterator();
        List<SeenItem> history = new ArrayList<>(events.size());
        for (int i = 0; i < isRead.length; i++) {
            history.add(seen(events.get(i), isRead[i] ? steps.next().orElse(null) : null, model));
        }
        return new UserView(user, first + events.size(), model.info().version(), history);
    }

    private static SeenItem seen(StoredEvent event, @Nullable InnerStep step, ModelSlot model) {
        return new SeenItem(
                event.position(),
                event.item(),
                event.timeMicros(),
                event.eventId(),
                event.type(),
                event.context(),
                ReadEvents.role(model.roles(), event.type()),
                model.live().index(event.item()) != 0,
                step == null ? null : step.loss(),
                step == null ? null : step.change());
    }
}
