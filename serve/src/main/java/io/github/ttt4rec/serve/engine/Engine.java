package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.store.AddedItem;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.ExperimentFigures;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.PlaceFigures;
import io.github.ttt4rec.serve.store.StoreException;
import io.github.ttt4rec.serve.store.StoreStatistics;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The online engine: stores each event, trains its user's fast weights by one step, and recommends from the result.
 * Thread-safe, also for virtual threads.
 *
 * <p><b>Promises.</b> When {@link #append(Event)} returns, the event is durable ({@link EventStore} defines durability
 * and the order of a user's events) and every later recommendation for the user reflects it. Recommendations are those
 * of the model for the user's stored events under the history policy, up to the rounding of float sums, regardless of
 * evictions, restarts and model swaps in between. Users do not wait for one another, only for the disk and the
 * processor.
 *
 * <p>{@link StoreException} from a method means that the store failed; the engine keeps working. {@link
 * UserFacingException} means that the request cannot be met, and says why. {@link UserStates} describes how these
 * promises are kept.
 */
public final class Engine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

    private final EventStore store;
    private final StoredCatalogue catalogue;
    private final StoredScenarios scenarios;
    private final ModelSlots slots;
    private final UserStates states;
    private final RetentionSweep sweep;
    private final LiveQuality quality;
    private final ItemActivity activity;
    private final ItemOrders orders;
    private final CatalogueCounter counter;
    /** Held during a recount of the catalogue, which takes seconds; no request waits for it. */
    private final ReentrantLock counting = new ReentrantLock();

    private final ContentOfModel content = new ContentOfModel();
    private final long cacheBytes;
    private final boolean learning;
    /** Held while the model, or the set of items that may be recommended, changes. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile ModelSlot slot;
    /** Models that will become current and must not miss any event. */
    private volatile List<ModelSlot> incoming = List.of();
    /** Null if no experiment is running. */
    private volatile @Nullable RunningExperiment experiment;

    private volatile Set<String> denied;

    private Engine(TrainedModel model, EventStore store, EngineConfig config) {
        this.store = store;
        cacheBytes = config.cacheBytes();
        learning = config.updates().eachEvent();
        catalogue = new StoredCatalogue(store);
        scenarios = new StoredScenarios(store, catalogue.catalogue());
        slots = new ModelSlots(
                store, config.policy(), catalogue.catalogue(), config.updates().eachEvent(), config.roles());
        denied = Set.copyOf(store.denied());
        slot = slots.of(model, blocked());
        states = new UserStates(store, this::slotOf, cacheBytes);
        sweep = new RetentionSweep(store, this::drop);
        quality = new LiveQuality(store, config.qualityRate());
        activity = ItemActivity.of(store, slot.roles());
        orders = new ItemOrders(activity);
        counter = new CatalogueCounter(config.updates().every(), this::countCatalogue);
        catchUp(slot);
        addFound();
    }

    private static void catchUp(ModelSlot next) {
        if (next.learner() != null) {
            next.learner().catchUp();
        }
    }

    /**
     * Serves {@code model} from the events in {@code store}. The engine takes over the store and closes it, also if
     * this constructor throws.
     *
     * @throws UserFacingException if the model cannot be used under this configuration
     */
    public static Engine open(TrainedModel model, EventStore store, EngineConfig config) {
        boolean opened = false;
        try {
            Engine engine = new Engine(model, store, config);
            opened = true;
            return engine;
        } finally {
            if (!opened) {
                store.close();
            }
        }
    }

    /** Appends one event; see {@link #append(List)}. */
    public AppendResult append(Event event) {
        return append(List.of(event)).getFirst();
    }

    /**
     * Appends events of one or several users, all or none, and returns when they are durable and applied. Returns the
     * results in the same order.
     *
     * @throws StoreException if they could not be stored
     */
    public List<AppendResult> append(List<Event> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        RunningExperiment running = experiment;
        List<ModelSlot> before =
                events.stream().map(event -> slotOf(running, event.user())).toList();
        List<Appended> appended = store.append(
                events, event -> role(slotOf(running, event.user()), event).isRead());
        Map<String, List<Integer>> ofUser = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            ofUser.computeIfAbsent(events.get(i).user(), user -> new ArrayList<>())
                    .add(i);
        }
        ofUser.forEach((user, places) -> follow(
                user,
                places.stream().map(appended::get).toList(),
                places.stream().map(events::get).toList()));
        List<AppendResult> results = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            results.add(result(events.get(i), appended.get(i)));
            if (!appended.get(i).duplicate()) {
                count(before.get(i), events.get(i), appended.get(i), running);
                learn(events.get(i), appended.get(i));
            }
        }
        return results;
    }

    /** Adds a stored event to the tables of models that learn from events. */
    private void learn(Event event, Appended appended) {
        if (!learning) {
            return;
        }
        List<LiveLearner> learners = learners();
        quality.then(() -> learners.forEach(learner -> learn(learner, event, appended)));
    }

    /** The learners of the models that are in use or about to be. */
    private List<LiveLearner> learners() {
        // In this order, because a model is set in the later places before it leaves the first.
        List<ModelSlot> models = new ArrayList<>(incoming);
        models.addAll(inUse());
        return models.stream()
                .map(ModelSlot::learner)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Returns the current model, and those of an experiment's other arms. */
    private List<ModelSlot> inUse() {
        RunningExperiment running = experiment;
        List<ModelSlot> models = new ArrayList<>(List.of(slot));
        if (running != null) {
            running.others().forEach(arm -> models.add(arm.slot()));
        }
        return models;
    }

    /** Returns the model of a user. */
    private ModelSlot slotOf(String user) {
        return slotOf(experiment, user);
    }

    private ModelSlot slotOf(@Nullable RunningExperiment running, String user) {
        if (running == null) {
            return slot;
        }
        RunningExperiment.Arm arm = running.armOf(user);
        return arm == running.arms().getFirst() ? slot : arm.slot();
    }

    private void learn(LiveLearner learner, Event event, Appended appended) {
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

    /** Adds items that the model does not know and enough users had. */
    private void addFound() {
        changing.lock();
        try {
            LiveLearner learner = slot.learner();
            List<NewItem> found = learner == null ? List.of() : learner.found(slot.model());
            if (!found.isEmpty()) {
                ModelSlot next = slots.withItems(slot, found, blocked());
                found.forEach(item -> store.add(new AddedItem(item.id(), item.similarTo())));
                slot = next;
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

    private static EventRoles.Role role(ModelSlot model, Event event) {
        return ReadEvents.role(model.roles(), event.type());
    }

    private void count(ModelSlot before, Event event, Appended appended, @Nullable RunningExperiment running) {
        EventRoles.Role role = role(before, event);
        long first = activity.first(event.item());
        if (role.isRead()) {
            activity.add(event.item(), event.timeMicros());
        }
        if (role == EventRoles.Role.TARGET) {
            quality.stored(before, event, appended, first, running);
        }
    }

    /**
     * Returns the roles of events by type, from the configuration or the current model's training; null if all events
     * are read.
     */
    public @Nullable EventRoles roles() {
        return slot.roles();
    }

    /** Events of a user whose earlier events are damaged are still stored, so that a repair finds them. */
    private void follow(String user, List<Appended> appended, List<Event> events) {
        try {
            states.follow(user, appended, events);
        } catch (DamagedUserException quarantined) {
            LOG.log(System.Logger.Level.DEBUG, "events of a damaged user were stored but not read", quarantined);
        }
    }

    private AppendResult result(Event event, Appended appended) {
        AppendResult.Status status;
        if (appended.duplicate()) {
            status = AppendResult.Status.DUPLICATE;
        } else if (slotOf(event.user()).live().index(event.item()) == 0) {
            status = AppendResult.Status.ACCEPTED_UNKNOWN_ITEM;
        } else {
            status = AppendResult.Status.ACCEPTED;
        }
        return new AppendResult(status, appended.position(), appended.eventId());
    }

    /** Returns the k best items for a user; popular items if the model knows no item of the user's history. */
    public Recommended recommend(String user, int k, ItemFilter filter) {
        return recommend(user, new ListRequest(k, filter));
    }

    /** Returns the best items for a user; popular items if the model knows no item of the user's history. */
    public Recommended recommend(String user, ListRequest request) {
        while (true) {
            ModelSlot current = slotOf(user);
            UserVector vector = states.vector(user);
            int[] seen = vector == null ? new int[0] : vector.items();
            // The vector may come from a newer model that was just swapped in; then the next round uses that model.
            if (vector == null || current.live().accepts(vector.stamp())) {
                return current.recommend(
                        vector == null ? Query.of() : current.query(vector),
                        request,
                        current.fading(
                                current.admitted(request, seen),
                                request,
                                () -> store.shown(user),
                                vector == null ? Map.of() : vector.lowered()),
                        vector == null ? 0 : vector.events());
            }
        }
    }

    /**
     * Returns the k best items after a history, oldest item first, without a stored user, under the same history
     * policy.
     */
    public Recommended recommend(List<String> history, int k, ItemFilter filter) {
        return recommend(history, new ListRequest(k, filter));
    }

    /**
     * Returns the best items after a history, oldest item first, without a stored user, under the same history policy.
     */
    public Recommended recommend(List<String> history, ListRequest request) {
        ModelSlot current = slot;
        int[] items = current.live().indices(history);
        return current.recommend(current.read(items), request, items, items.length);
    }

    /**
     * Recommends with the fast weights frozen at their learned initial values, to show the effect of adaptation.
     *
     * @throws UserFacingException if the model has no fast weights
     */
    public Recommended recommendFrozen(List<String> history, ListRequest request) {
        ModelSlot frozen = slot.frozen();
        int[] items = frozen.live().indices(history);
        return frozen.recommend(frozen.read(items), request, items, items.length);
    }

    /**
     * Returns several lists for a user, none of which repeats an item of an earlier one.
     *
     * @throws UserFacingException if the model cannot make lists of a requested kind
     */
    public Shelves shelves(String user, List<ShelfRequest> requests) {
        while (true) {
            ModelSlot current = slotOf(user);
            UserVector vector = states.vector(user);
            if (vector == null) {
                return new Shelves(
                        current.info().version(),
                        0,
                        new ShelfMaker(current, orders, Query.of(), new int[0], 0, () -> store.shown(user), Map.of())
                                .make(requests));
            }
            // As for a single list, the vector may come from a newer model.
            if (current.live().accepts(vector.stamp())) {
                ShelfMaker maker = new ShelfMaker(
                        current,
                        orders,
                        current.query(vector),
                        vector.items(),
                        vector.events(),
                        () -> store.shown(user),
                        vector.lowered());
                return new Shelves(current.info().version(), vector.events(), maker.make(requests));
            }
        }
    }

    /** Returns several lists after a history, oldest item first, without a stored user. */
    public Shelves shelves(List<String> history, List<ShelfRequest> requests) {
        ModelSlot current = slot;
        int[] items = current.live().indices(history);
        ShelfMaker maker =
                new ShelfMaker(current, orders, current.read(items), items, items.length, List::of, Map.of());
        return new Shelves(current.info().version(), items.length, maker.make(requests));
    }

    /**
     * Stores durably that a user was shown a list. Until the user takes an item of it, scenarios with such a rule
     * demote that item. Returns the number of its items that were already counted under the same list id.
     */
    public int show(Impression list) {
        return store.show(list);
    }

    /** Returns the numbers of items shown and taken, by scenario and place. */
    public List<PlaceFigures> places() {
        return store.places();
    }

    /**
     * Returns the items most similar to {@code item}; throws {@link UserFacingException} if the model does not know it.
     */
    public List<Recommendation> similarItems(String item, ListRequest request) {
        return slot.similarItems(item, request);
    }

    /** Returns the items' attributes in memory, for reading only. */
    public Catalogue catalogue() {
        return catalogue.catalogue();
    }

    /**
     * Sets the attributes of items, all or none, durably; they apply at once.
     *
     * @throws UserFacingException if an attribute has a different type than before
     */
    public void putItems(List<ItemRecord> items) {
        catalogue.put(items);
    }

    /**
     * Sets the attributes of the items whose stored attributes differ, durably, and returns their number. Throws the
     * same errors as {@link #putItems}.
     */
    public int putChangedItems(List<ItemRecord> items) {
        return catalogue.putChanged(items);
    }

    /** Removes the attributes of an item durably; returns false if it has none. Applies at once. */
    public boolean removeItem(String item) {
        return catalogue.remove(item);
    }

    /** Returns the shop's scenarios by name. */
    public Map<String, StoredScenario> scenarios() {
        return scenarios.all();
    }

    /**
     * Stores a scenario and replaces the one of the same name. It is durable and in effect when this method returns.
     *
     * @param definition the scenario as JSON
     */
    public void putScenario(Scenario scenario, String definition) {
        scenarios.put(new StoredScenario(scenario, definition));
    }

    /** Removes a scenario durably; returns false if none has that name. Applies at once. */
    public boolean removeScenario(String name) {
        return scenarios.remove(name);
    }

    /**
     * Returns the current model's items that are most similar to an item with these attributes.
     *
     * @throws UserFacingException if the model or the stored attributes do not allow that comparison
     */
    public List<String> similarByContent(ItemAttributes item, int count) {
        return content.of(slot).similarTo(item, count);
    }

    /** Returns the details of an item; empty if the model does not know it and it has no stored attributes. */
    public Optional<ItemDetails> item(String item) {
        ItemAttributes attributes = catalogue.get(item);
        boolean known = slot.live().index(item) != 0;
        return attributes == null && !known
                ? Optional.empty()
                : Optional.of(new ItemDetails(item, known, attributes == null ? ItemAttributes.NONE : attributes));
    }

    /**
     * Returns the next items with attributes after {@code after}, in the order of their ids' UTF-8 bytes; "" starts at
     * the first.
     */
    public List<ItemRecord> items(String after, int count) {
        return catalogue.page(after, count);
    }

    /** Returns the current model's items for which an expression is true; all items if it is null. */
    public Matching matching(@Nullable Expression expression) {
        ModelSlot current = slot;
        return new Matching(
                current.model().items(),
                expression == null
                        ? current.live().catalogue()
                        : current.catalogue().matching(expression));
    }

    /**
     * Returns the stored events of a user with the effect of each on the fast weights; empty for an unknown user. The
     * model replays the events to compute the effects: at most 2·max_len − 1 under the default policy, all under {@code
     * unbounded}.
     */
    public Optional<UserView> user(String user) {
        List<StoredEvent> events = store.events(user);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        ModelSlot current = slotOf(user);
        ReadEvents read = new ReadEvents(current.live(), current.roles(), events.size());
        boolean[] isRead = new boolean[events.size()];
        for (int i = 0; i < isRead.length; i++) {
            StoredEvent event = events.get(i);
            isRead[i] = read.add(event.item(), event.timeMicros(), event.type());
        }
        int[] items = read.tokens();
        long first = events.getFirst().position();
        long start = current.live().start(first + items.length);
        Iterator<Optional<InnerStep>> steps =
                current.steps(items, (int) Math.max(0, start - first)).iterator();
        List<SeenItem> history = new ArrayList<>(events.size());
        for (int i = 0; i < isRead.length; i++) {
            boolean known = current.live().index(events.get(i).item()) != 0;
            history.add(seen(
                    events.get(i),
                    known,
                    isRead[i] ? steps.next().orElse(null) : null,
                    ReadEvents.role(current.roles(), events.get(i).type())));
        }
        return Optional.of(
                new UserView(user, first + events.size(), current.info().version(), history));
    }

    private static SeenItem seen(StoredEvent event, boolean known, @Nullable InnerStep step, EventRoles.Role role) {
        return new SeenItem(
                event.position(),
                event.item(),
                event.timeMicros(),
                event.eventId(),
                event.type(),
                role,
                known,
                step == null ? null : step.loss(),
                step == null ? null : step.change());
    }

    /** Deletes a user's events and state durably; returns false if there is no such user. */
    public boolean forget(String user) {
        boolean existed = store.forget(user);
        drop(user);
        return existed;
    }

    /** Removes all data of a deleted user from memory. */
    private void drop(String user) {
        states.drop(user);
        quality.log().forget(user);
        RunningExperiment running = experiment;
        if (running != null) {
            running.forget(user);
        }
        learners().forEach(learner -> learner.forget(user));
    }

    /**
     * Sets durably whether an item may be recommended; applies at once. Returns false if the model does not know the
     * item; the setting then applies once a model does.
     */
    public boolean setAvailability(String item, boolean available) {
        store.setAvailability(item, available);
        refreshBlocked();
        return slot.live().index(item) != 0;
    }

    /**
     * Replaces the list of items that must never be recommended, durably, and returns those that the model does not
     * know. Applies at once.
     */
    public Set<String> deny(Set<String> items) {
        store.deny(items);
        refreshBlocked();
        Set<String> unknown = new TreeSet<>(items);
        unknown.removeIf(item -> slot.live().index(item) != 0);
        return unknown;
    }

    /** Returns the items that must never be recommended. */
    public Set<String> denied() {
        return denied;
    }

    /** Reads the stored deny list. The last of several concurrent calls reads the writes of all of them. */
    private void refreshBlocked() {
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

    /**
     * Adds an item with the mean vector of similar items, durably: each later model that lacks the item gets it too,
     * from the similar items that it knows. States of users who had the item before are rebuilt when they are next
     * needed.
     *
     * @throws UserFacingException if the item exists, or a similar item is unknown
     */
    public void addItem(String id, List<String> similarTo) {
        changing.lock();
        try {
            ModelSlot next = slots.withItems(slot, List.of(new NewItem(id, similarTo)), blocked());
            store.add(new AddedItem(id, similarTo));
            slot = next;
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

    /**
     * Recounts the current model's catalogue on all stored events: the events of each item, the tables of related
     * items, and items that the model does not know but at least two users had, which are added as by {@link #addItem}.
     * Users' states stay valid and no request waits. Does nothing if the model knows none of the stored items, or if
     * the model is swapped in the meantime.
     *
     * @throws UserFacingException if each event adds to the catalogue already, or during an experiment
     */
    public ModelInfo countCatalogue() {
        if (slot.learner() != null) {
            throw new UserFacingException(
                    "this server updates its tables by each event (--live-catalogue each-event): there is nothing to recount");
        }
        requireNoExperiment();
        counting.lock();
        try {
            ModelSlot before = slot;
            Optional<Dataset> events = CatalogueCounter.events(store, before.model(), before.roles(), Instant.now());
            if (events.isEmpty()) {
                return before.info();
            }
            ModelSlots.Counted counted = slots.counted(before, events.get(), blocked());
            changing.lock();
            try {
                if (slot != before || experiment != null) {
                    return slot.info();
                }
                for (NewItem item : counted.found()) {
                    store.add(new AddedItem(item.id(), item.similarTo()));
                }
                counted.slot().block(blocked());
                slot = counted.slot();
                return slot.info();
            } finally {
                changing.unlock();
            }
        } finally {
            counting.unlock();
        }
    }

    /**
     * Serves {@code next} from now on; users' states are rebuilt when they are next needed. No request fails: those in
     * progress finish with the previous model.
     *
     * @throws UserFacingException if it cannot be used under this engine's configuration, or during an experiment; the model in use
     *     stays
     */
    public ModelInfo swap(TrainedModel next) {
        changing.lock();
        try {
            requireNoExperiment();
            ModelSlot loaded = slots.of(next, blocked());
            incoming = List.of(loaded);
            catchUp(loaded);
            slot = loaded;
            states.clear();
            addFound();
            return slot.info();
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
     * Starts an experiment durably, and ends one that is running: users belong to its arms from now on. Their states
     * are rebuilt when they are next needed.
     *
     * @param definition its form as JSON
     * @param loader loads the model of a directory
     * @throws UserFacingException if a model cannot be used; nothing changes then
     */
    public void startExperiment(Experiment next, String definition, Function<String, TrainedModel> loader) {
        run(next, loader, models -> started(next, definition, models));
    }

    /**
     * Continues the experiment that was running when the store was last used, with its figures if its models are the
     * same. Throws the same errors as {@link #startExperiment}.
     */
    public void resumeExperiment(Experiment before, String definition, Function<String, TrainedModel> loader) {
        run(before, loader, models -> {
            ExperimentFigures stored = store.experimentFigures().orElse(null);
            if (stored != null) {
                RunningExperiment running = new RunningExperiment(before, models, stored.started());
                if (running.restore(stored)) {
                    return running;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the figures of the experiment " + before.name() + " begin anew: its models have changed");
            }
            return started(before, definition, models);
        });
    }

    private RunningExperiment started(Experiment next, String definition, List<ModelSlot> models) {
        RunningExperiment running =
                new RunningExperiment(next, models, Instant.now().truncatedTo(ChronoUnit.MICROS));
        store.putExperiment(next.name(), definition, running.started());
        store.putExperimentFigures(running.takeChanges());
        return running;
    }

    private void run(
            Experiment next,
            Function<String, TrainedModel> loader,
            Function<List<ModelSlot>, RunningExperiment> beginning) {
        changing.lock();
        try {
            List<ModelSlot> models = new ArrayList<>();
            models.add(slot);
            for (Experiment.Arm arm : next.arms()) {
                if (arm.directory() != null) {
                    models.add(slots.of(loader.apply(arm.directory()), blocked()));
                }
            }
            incoming = List.copyOf(models);
            models.stream().skip(1).forEach(Engine::catchUp);
            experiment = beginning.apply(models);
            addFound();
        } finally {
            incoming = List.of();
            changing.unlock();
        }
    }

    /**
     * Ends the experiment durably: all users get the model of one arm. After a restart they get the model that the
     * server is started with.
     *
     * @param keep the name of the arm
     * @throws UserFacingException if no experiment is running, or it has no such arm
     */
    public void endExperiment(String keep) {
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
                slot = kept.slot();
            }
            experiment = null;
        } finally {
            changing.unlock();
        }
    }

    /** Returns the running experiment; null if there is none. */
    public @Nullable ExperimentView experiment() {
        RunningExperiment running = experiment;
        return running == null ? null : running.view(slot.info().version());
    }

    /** Returns the definition of the experiment that was running when the store was last used, by its name. */
    public Map<String, String> storedExperiments() {
        return store.experiments();
    }

    /** Returns the arm of a user in the running experiment; empty if there is none. */
    public Optional<String> armOf(String user) {
        RunningExperiment running = experiment;
        return running == null
                ? Optional.empty()
                : Optional.of(running.armOf(user).definition().name());
    }

    /** Returns the quality of the lists, measured on a sample of the events. */
    public QualityView quality() {
        return new QualityView(
                quality.log(),
                quality.rate(),
                quality.waiting() + counter.pending(),
                quality.skipped(),
                quality.dropped());
    }

    /**
     * Returns the additions of stored events to the current model's tables, by item; empty if it does not learn from
     * events.
     */
    public Map<String, Map<String, Object>> learned() {
        LiveLearner learner = slot.learner();
        return learner == null ? Map.of() : learner.tables().snapshot();
    }

    /** Describes the current model. */
    public ModelInfo model() {
        return slot.info();
    }

    /** Returns the current model, with added items. */
    public TrainedModel trained() {
        return slot.model();
    }

    /** Returns the counters. */
    public EngineStatistics statistics() {
        StoreStatistics stored = store.statistics();
        return new EngineStatistics(
                stored.users(),
                stored.events(),
                stored.accepted(),
                stored.duplicates(),
                states.cachedUsers(),
                states.cachedStates(),
                states.bytes(),
                cacheBytes,
                states.hits(),
                states.misses(),
                states.evictions(),
                states.replays(),
                states.replayedEvents(),
                sweep.forgotten(),
                stored.commits(),
                stored.commitNanos(),
                stored.bytes(),
                stored.shown(),
                stored.taken());
    }

    /**
     * Writes a copy of the current store to {@code file} while the engine keeps working.
     *
     * @throws UserFacingException if that file cannot be written
     */
    public void backup(Path file) {
        store.backup(file);
    }

    /** Returns the number of users whose stored events are known to be damaged. */
    public int damagedUsers() {
        return store.damagedUsers();
    }

    /** Returns whether removed data may still be in the store's log. */
    public boolean erasing() {
        return store.erasing();
    }

    /** Returns the number of idle users who are kept because they exceed the number that one round may forget. */
    public long heldBack() {
        return store.heldBack();
    }

    /** Returns notes for the operator about the state of the store at the start, one line each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(store.notes());
        if (activity.unfit() > 0) {
            notes.add(activity.unfit() + " stored events fit no rule of --types \"" + slot.roles()
                    + "\" and are not used");
        }
        return notes;
    }

    /** Checks that the store can be written to, without changing it; throws {@link StoreException} if it cannot. */
    public void probe() {
        store.probe();
    }

    /** Checks all users once for those to forget, as the background thread does. */
    void sweep() {
        long last = 0;
        while (last != Long.MAX_VALUE) {
            last = sweep.slice(last);
        }
    }

    /** Stores all accepted events and closes the store. Later calls throw a {@link StoreException}. */
    @Override
    public void close() {
        counter.close();
        quality.close();
        RunningExperiment running = experiment;
        if (running != null) {
            quality.keep(running);
        }
        sweep.close();
        store.close();
    }
}
