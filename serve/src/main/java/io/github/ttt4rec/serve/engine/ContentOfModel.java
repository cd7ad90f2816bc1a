package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.ContentItems;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.IdMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The regression from items' attributes to their vectors in the current model. It is fitted at the first use, and again
 * when the model changes or the number of items with attributes has changed by a tenth. Thread-safe.
 */
final class ContentOfModel {
    private static final double CHANGE = 0.1;

    private final ReentrantLock fitting = new ReentrantLock();
    private @Nullable Fitted fitted;

    private record Fitted(ContentItems content, long weightsId, long described) {
        boolean holds(ModelSlot slot, long now) {
            return weightsId == slot.live().weightsId() && Math.abs(now - described) <= CHANGE * described;
        }
    }

    /** Returns the regression for a slot, fitted to the stored attributes. */
    ContentItems of(ModelSlot slot, StoredCatalogue stored) {
        fitting.lock();
        try {
            long described = slot.catalogue().catalogue().size();
            Fitted known = fitted;
            if (known == null || !known.holds(slot, described)) {
                IdMap items = slot.model().items();
                Map<String, ItemAttributes> attributes = slot.model().encodesAttributes()
                        ? Map.of()
                        : stored.withText(item -> items.indexOf(item) != null);
                known = new Fitted(
                        ContentItems.fit(slot.model(), attributes), slot.live().weightsId(), described);
                fitted = known;
            }
            return known.content;
        } finally {
            fitting.unlock();
        }
    }
}
