package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.serve.store.AddedItem;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The models that serve users, and every change of them: the current model and those of an experiment's other arms, the
 * items that are added to them, and the items that none of them may recommend. Readers never wait: a change prepares a
 * new slot and then replaces the old one. Thread-safe.
 */
final class ServedModels implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServedModels.class.getName());

    private final EventStore store;
    private final ModelSlots slots;
    private final CatalogueCounter counter;
    /** Held during a recount of the catalogue, which takes seconds; no request waits for it. */
    private final ReentrantLock counting = new ReentrantLock();
    /** Held while a model, or the set of items that may be recommended, changes. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile ModelSlot current;
    /** Models that will become current and must not miss any event. */
    private volatile List<ModelSlot> incoming = List.of();
    /** Null if no experiment is running. */
    private volatile @Nullable RunningExperiment experiment;

    private volatile Set<String> denied;

    /** Serves {@code model}, with the items that {@code store} adds and without those that it blocks. */
    ServedModels(TrainedModel model, EventStore store, ModelSlots slots, CatalogueUpdates updates) {
        this.store = store;
        this.slots = slots;
        denied = Set.copyOf(store.denied());
        current = slots.of(model, blocked());
        counter = new CatalogueCounter(updates.every(), this::count);
        catchUp(current);
        addFound();
    }

    private static void catchUp(ModelSlot next) {
        if (next.learner() != null) {
            next.learner().catchUp();
        }
    }

    ModelSlot current() {
        return current;
    }

    /** Returns the running experiment; null if there is none. */
    @Nullable RunningExperiment experiment() {
        return experiment;
    }

    /** Returns the model of a user. */
    ModelSlot of(String user) {
        return of(experiment, user);
    }

    /** Returns the model of a user during an experiment; {@code running} is null without one. */
    ModelSlot of(@Nullable RunningExperiment running, String user) {
        if (running == null) {
            return current;
        }
        RunningExperiment.Arm arm = running.armOf(user);
        return arm == running.arms().getFirst() ? current : arm.slot();
    }

    /** Returns the current model, and those of an experiment's other arms. */
    private List<ModelSlot> inUse() {
        RunningExperiment running = experiment;
        List<ModelSlot> models = new ArrayList<>(List.of(current));
        if (running != null) {
            running.others().forEach(arm -> models.add(arm.slot()));
        }
        return models;
    }

    /** Returns the learners of the models that are in use or about to be. */
    List<LiveLearner> learners() {
        // In this order, because a model is set in the later places before it leaves the first.
        List<ModelSlot> models = new ArrayList<>(incoming);
        models.addAll(inUse());
        return models.stream()
                .map(ModelSlot::learner)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Adds a stored event to the tables of one learner, and its item to the models once enough users had it. */
    void learn(LiveLearner learner, Event event, Appended appended) {
        try {
            learner.learn(appended.user(), appended.position(), event);
            if (inUse().stream().anyMatch(model -> model.live().index(event.item()) == 0)
                    && learner.isKnownEnough(event.item())) {
                counter.soon(this::addFound);
            }
        } catch (DamagedUserException | StoreException failure) {
            LOG.log(System.Logger.Level.WARNING, "an event was not added to the tables: " + failure.getMessage());
        }
    }

    /** Returns the number of pending additions of items. */
    int pending() {
        return counter.pending();
    }

    /** Removes what was recorded of a user who has been deleted from the store. */
    void forget(String user) {
        RunningExperiment running = experiment;
        if (running != null) {
            running.forget(user);
        }
        learners().forEach(learner -> learner.forget(user));
    }

    /** Adds items that a model does not know and enough users had. */
    private void addFound() {
        changing.lock();
        try {
            LiveLearner learner = current.learner();
            List<NewItem> found = learner == null ? List.of() : learner.found(current.model());
            if (!found.isEmpty()) {
                ModelSlot next = slots.withItems(current, found, blocked());
                found.forEach(item -> store.add(new AddedItem(item.id(), item.similarTo())));
                current = next;
            }
            RunningExperiment running = experiment;
            if (running != null) {
                for (RunningExperiment.Arm arm : running.others()) {
                    LiveLearner own = arm.slot().learner();
                    List<NewItem> more =
                            own == null ? List.of() : own.found(arm.slot().model());
                    if (!more.isEmpty()) {
                        arm.use(slots.withItems(arm.slot(), more, blocked()));
                    }
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** See {@link Engine#addItem}. */
    void addItem(String id, List<String> similarTo) {
        changing.lock();
        try {
            ModelSlot next = slots.withItems(current, List.of(new NewItem(id, similarTo)), blocked());
            store.add(new AddedItem(id, similarTo));
            current = next;
            RunningExperiment running = experiment;
            if (running != null) {
                for (RunningExperiment.Arm arm : running.others()) {
                    addItem(arm, id, similarTo);
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** Adds an item to an arm's model if the model lacks it and knows one of the similar items. */
    private void addItem(RunningExperiment.Arm arm, String id, List<String> similarTo) {
        List<String> known = similarTo.stream()
                .filter(item -> arm.slot().live().index(item) != 0)
                .toList();
        if (arm.slot().live().index(id) == 0 && !known.isEmpty()) {
            arm.use(slots.withItems(arm.slot(), List.of(new NewItem(id, known)), blocked()));
        }
    }

    /** Adds items to the models that lack them and compute their vectors from their attributes. */
    void addDescribed(List<ItemRecord> items) {
        if (inUse().stream().noneMatch(slot -> slot.model().encodesAttributes())) {
            return;
        }
        changing.lock();
        try {
            current = described(current, items);
            RunningExperiment running = experiment;
            if (running != null) {
                running.others().forEach(arm -> arm.use(described(arm.slot(), items)));
            }
        } finally {
            changing.unlock();
        }
    }

    private ModelSlot described(ModelSlot slot, List<ItemRecord> items) {
        if (!slot.model().encodesAttributes()) {
            return slot;
        }
        Map<String, ItemAttributes> attributes = new LinkedHashMap<>();
        items.forEach(item -> attributes.put(item.id(), item.attributes()));
        List<NewItem> added = LiveCatalogue.newItems(slot.model(), attributes).added();
        return added.isEmpty() ? slot : slots.withItems(slot, added, blocked());
    }

    /** See {@link Engine#countCatalogue}. */
    ModelInfo count() {
        if (current.learner() != null) {
            throw new UserFacingException(
                    "this server updates its tables by each event (--live-catalogue each-event): there is nothing to recount");
        }
        requireNoExperiment();
        counting.lock();
        try {
            ModelSlot before = current;
            Optional<Dataset> events = CatalogueCounter.events(store, before.model(), before.roles(), Instant.now());
            if (events.isEmpty()) {
                return before.info();
            }
            ModelSlots.Counted counted = slots.counted(before, events.get(), blocked());
            changing.lock();
            try {
                if (current != before || experiment != null) {
                    return current.info();
                }
                for (NewItem item : counted.found()) {
                    store.add(new AddedItem(item.id(), item.similarTo()));
                }
                counted.slot().block(blocked());
                current = counted.slot();
                return current.info();
            } finally {
                changing.unlock();
            }
        } finally {
            counting.unlock();
        }
    }

    /** Replaces the current model; see {@link Engine#swap}. */
    ModelInfo swap(TrainedModel next) {
        changing.lock();
        try {
            requireNoExperiment();
            ModelSlot loaded = slots.of(next, blocked());
            incoming = List.of(loaded);
            catchUp(loaded);
            current = loaded;
            addFound();
            return current.info();
        } finally {
            incoming = List.of();
            changing.unlock();
        }
    }

    private void requireNoExperiment() {
        RunningExperiment running = experiment;
        if (running != null) {
            throw new UserFacingException("the experiment "
                    + running.experiment().name() + " is running, and its models stay as they are: end it first");
        }
    }

    /**
     * Loads the models of an experiment's arms and serves each user by the arm's model from now on. Ends an experiment
     * that is running.
     *
     * @param loader loads the model of a directory
     * @param beginning returns the running experiment with the models of its arms
     * @throws UserFacingException if a model cannot be used; nothing changes then
     */
    void start(
            Experiment next,
            Function<String, TrainedModel> loader,
            Function<List<ModelSlot>, RunningExperiment> beginning) {
        changing.lock();
        try {
            List<ModelSlot> models = new ArrayList<>();
            models.add(current);
            for (Experiment.Arm arm : next.arms()) {
                if (arm.directory() != null) {
                    models.add(slots.of(loader.apply(arm.directory()), blocked()));
                }
            }
            incoming = List.copyOf(models);
            models.stream().skip(1).forEach(ServedModels::catchUp);
            experiment = beginning.apply(models);
            addFound();
        } finally {
            incoming = List.of();
            changing.unlock();
        }
    }

    /** See {@link Engine#endExperiment}. */
    void end(String keep) {
        changing.lock();
        try {
            RunningExperiment running = experiment;
            RunningExperiment.Arm kept = running == null
                    ? null
                    : running.arms().stream()
                            .filter(arm -> arm.definition().name().equals(keep))
                            .findFirst()
                            .orElse(null);
            if (running == null || kept == null) {
                throw new UserFacingException("no experiment with an arm '" + keep + "' is running");
            }
            store.removeExperiments();
            if (kept != running.arms().getFirst()) {
                current = kept.slot();
            }
            experiment = null;
        } finally {
            changing.unlock();
        }
    }

    /** Returns the items that must never be recommended. */
    Set<String> denied() {
        return denied;
    }

    /** Reads the blocked items in the store again. The last of several concurrent calls reads the writes of all of them. */
    void refreshBlocked() {
        changing.lock();
        try {
            denied = Set.copyOf(store.denied());
            inUse().forEach(model -> model.block(blocked()));
        } finally {
            changing.unlock();
        }
    }

    private Set<String> blocked() {
        Set<String> blocked = new HashSet<>(store.unavailable());
        blocked.addAll(denied);
        return blocked;
    }

    /** Stops counting after the current count. */
    @Override
    public void close() {
        counter.close();
    }
}
