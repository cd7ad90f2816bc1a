package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ranks items by their popularity within the contexts of events, if the server learns from each event. Thread-safe.
 */
final class LiveContexts {
    private static final System.Logger LOG = System.getLogger(LiveContexts.class.getName());

    private final EventStore store;
    private final boolean learning;
    private final ContextOrders orders = new ContextOrders();
    /** The learner in use, and one that is about to replace it; none if the server does not learn from events. */
    private volatile List<ContextLearner> learners;

    /** Counts all stored events, if {@code learning}. */
    LiveContexts(EventStore store, boolean learning, @Nullable EventRoles roles) {
        this.store = store;
        this.learning = learning;
        learners = learning ? List.of(learner(roles)) : List.of();
        learners.forEach(ContextLearner::catchUp);
    }

    private ContextLearner learner(@Nullable EventRoles roles) {
        return new ContextLearner(store, roles, ContextLearner.MAX_COUNTS);
    }

    /** Counts all stored events anew if the roles of events have changed with the model. */
    synchronized void use(@Nullable EventRoles roles) {
        if (learning && !String.valueOf(learners.getFirst().roles()).equals(String.valueOf(roles))) {
            ContextLearner next = learner(roles);
            // From here on, events that are stored meanwhile reach both.
            learners = List.of(learners.getFirst(), next);
            next.catchUp();
            learners = List.of(next);
        }
    }

    /** Counts a stored event. */
    void learn(Event event, Appended appended) {
        for (ContextLearner learner : learners) {
            try {
                learner.learn(appended.user(), appended.position(), event);
            } catch (StoreException failure) {
                // The event is stored, and the next one of the user counts it too.
                LOG.log(
                        System.Logger.Level.WARNING,
                        "an event was not counted in its context: " + failure.getMessage());
            }
        }
    }

    /** Removes the counts of a user who has been deleted from the store. */
    void forget(String user) {
        learners.forEach(learner -> learner.forget(user));
    }

    /** Returns a ranker by the popularity within a context; null if no event of it has been counted. */
    RuledList.@Nullable Ranker ranker(ModelSlot slot, EventContext context) {
        if (!learning) {
            return null;
        }
        ContextLearner learner = learners.getFirst();
        List<String> counted = learner.counts().counted(context.counted());
        return counted.isEmpty() ? null : orders.ranker(slot, learner.counts(), counted);
    }

    /** Returns all counts, by context, item and day. */
    Map<String, Map<String, Map<Integer, Integer>>> snapshot() {
        return learning ? learners.getFirst().counts().snapshot() : Map.of();
    }
}
