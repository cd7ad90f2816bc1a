package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.ContentItems;
import io.github.ttt4rec.catalogue.ItemAttributes;
import java.util.HashMap;
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

    /** Returns the regression for a slot. */
    ContentItems of(ModelSlot slot) {
        fitting.lock();
        try {
            long described = slot.catalogue().catalogue().size();
            Fitted known = fitted;
            if (known == null || !known.holds(slot, described)) {
                Map<String, ItemAttributes> attributes = new HashMap<>();
                for (String item : slot.model().items().names()) {
                    ItemAttributes own = slot.catalogue().catalogue().get(item);
                    if (own != null) {
                        attributes.put(item, own);
                    }
                }
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
