package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.serve.store.AddedItem;
import io.github.ttt4rec.serve.store.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prepares models for use: adds the items that were added by hand, and chooses a history policy that the model and the
 * store support.
 */
final class ModelSlots {
    private static final System.Logger LOG = System.getLogger(ModelSlots.class.getName());

    private final EventStore store;
    private final @Nullable HistoryPolicy wanted;
    private final StoredCatalogue attributes;
    private final boolean learning;
    private final @Nullable EventRoles roles;
    private long lastWeightsId;

    /**
     * Slots for models that read histories from {@code store}; see {@link EngineConfig#policy} and {@link EngineConfig#roles}.
     *
     * @param learning whether each stored event adds to a model's tables
     */
    ModelSlots(
            EventStore store,
            @Nullable HistoryPolicy wanted,
            StoredCatalogue attributes,
            boolean learning,
            @Nullable EventRoles roles) {
        this.roles = roles;
        this.store = store;
        this.wanted = wanted;
        this.attributes = attributes;
        this.learning = learning;
    }

    /**
     * Creates a slot for a new model, whose learner has learned nothing yet. Throws {@link UserFacingException} if the
     * model cannot be used.
     *
     * @param blocked items that must never be recommended
     */
    ModelSlot of(TrainedModel trained, Set<String> blocked) {
        HistoryPolicy policy = LiveModel.policy(trained, wanted);
        List<NewItem> added = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (AddedItem item : store.addedItems()) {
            if (trained.items().indexOf(item.id()) != null) {
                continue;
            }
            List<String> similar = item.similarTo().stream()
                    .filter(name -> trained.items().indexOf(name) != null || names.contains(name))
                    .toList();
            if (similar.isEmpty()) {
                leftOut.add(item.id());
            } else {
                added.add(new NewItem(item.id(), similar));
                names.add(item.id());
            }
        }
        LiveLearner learner = learning ? new LiveLearner(store, trained, LiveLearner.MAX_EVENTS, roles(trained)) : null;
        TrainedModel model = taught(described(added.isEmpty() ? trained : trained.withItems(added)), learner);
        ModelSlot slot = new ModelSlot(
                model,
                ++lastWeightsId,
                ModelInfo.of(
                        model,
                        policy,
                        Instant.now(),
                        added.stream().map(NewItem::id).toList(),
                        leftOut),
                blocked,
                attributes.catalogue(),
                learner,
                roles(trained));
        long kept = store.config().maxEventsPerUser();
        if (kept > 0) {
            slot.live().requireKept(kept);
        }
        slot.warm();
        return slot;
    }

    /** Adds the items of the catalogue to a model that lacks them and computes their vectors from their attributes. */
    private TrainedModel described(TrainedModel model) {
        if (!model.encodesAttributes()) {
            return model;
        }
        LiveCatalogue.Described found = LiveCatalogue.newItems(
                model, attributes.withText(item -> model.items().indexOf(item) == null));
        if (found.strange() + found.beyond() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "of the items with attributes that the model does not know, {0} have no attribute that its training"
                            + " has seen, and for {1} it has no room: it has at most as many items without events as items"
                            + " with events, or 1,000",
                    found.strange(),
                    found.beyond());
        }
        return found.added().isEmpty() ? model : model.withItems(found.added());
    }

    private static TrainedModel taught(TrainedModel model, @Nullable LiveLearner learner) {
        return learner == null ? model : model.learning(learner.tables());
    }

    /**
     * Returns the slot after items are added; users' states stay valid. Throws {@link UserFacingException} if the items
     * cannot be added.
     */
    ModelSlot withItems(ModelSlot before, List<NewItem> items, Set<String> blocked) {
        TrainedModel extended = taught(before.model().withItems(items), before.learner());
        List<String> added = new ArrayList<>(before.info().addedItems());
        List<String> leftOut = new ArrayList<>(before.info().leftOut());
        for (NewItem item : items) {
            if (item.attributes() == null) {
                added.add(item.id());
            }
            leftOut.remove(item.id());
        }
        ModelSlot slot = new ModelSlot(
                extended,
                before.live().weightsId(),
                ModelInfo.of(
                        extended,
                        before.info().policy(),
                        before.info().loadedAt(),
                        List.copyOf(added),
                        List.copyOf(leftOut)),
                blocked,
                attributes.catalogue(),
                before.learner(),
                before.roles());
        slot.warm();
        return slot;
    }

    private @Nullable EventRoles roles(TrainedModel model) {
        if (roles != null) {
            model.requireKinds(roles);
            return roles;
        }
        return model.roles().orElse(null);
    }

    /**
     * A slot after a recount of its catalogue.
     *
     * @param found the items that the recount added
     */
    record Counted(ModelSlot slot, List<NewItem> found) {}

    /**
     * Returns the slot after a recount of the catalogue on {@code events}; users' states stay valid.
     *
     * @param blocked items that must never be recommended
     */
    Counted counted(ModelSlot before, Dataset events, Set<String> blocked) {
        Split split = Split.everything(events);
        List<NewItem> found = LiveCatalogue.newItems(before.model(), split, LiveCatalogue.MIN_USERS);
        TrainedModel extended =
                found.isEmpty() ? before.model() : before.model().withItems(found);
        TrainedModel model = LiveCatalogue.counted(extended, split);
        List<String> added = new ArrayList<>(before.info().addedItems());
        found.forEach(item -> added.add(item.id()));
        ModelSlot slot = new ModelSlot(
                model,
                before.live().weightsId(),
                before.info().counted(model.items().size(), List.copyOf(added)),
                blocked,
                attributes.catalogue(),
                null,
                before.roles());
        slot.warm();
        return new Counted(slot, found);
    }
}
