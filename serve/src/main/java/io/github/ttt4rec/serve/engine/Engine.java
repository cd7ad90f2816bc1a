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
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.PlaceFigures;
import io.github.ttt4rec.serve.store.StoreException;
import io.github.ttt4rec.serve.store.StoreStatistics;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.nio.file.Path;
import java.time.Instant;
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
 * The online engine: stores each event, trains its user's fast weights by one step, and recommends from the result. For any
 * number of threads, virtual ones included.
 *
 * <p><b>Promises.</b> When {@link #append(Event)} returns, the event is durable (see {@link EventStore} for what that
 * means and in what order a user's events are) and every later answer for the user reflects it, whoever asks. An answer is
 * what the model gives for the user's stored events under the history policy, to within the rounding of float sums, whatever
 * has been dropped from memory, restarted or swapped in between. Users do not wait for one another, but for the disk and the
 * processor.
 *
 * <p>{@link StoreException} from a method means that the store failed; the engine goes on. {@link UserFacingException} means
 * that what was asked cannot be done, and says why. {@link UserStates} describes how all this is kept.
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
    /** Held while the catalogue is counted, which takes seconds and keeps nobody else waiting. */
    private final ReentrantLock counting = new ReentrantLock();

    private final ContentOfModel content = new ContentOfModel();
    private final long cacheBytes;
    private final boolean learning;
    /** Held while the model, or what of it may be recommended, changes. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile ModelSlot slot;
    /** Models that are about to be taken into use and must miss no event. */
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
     * Serves {@code model} from the events in {@code store}, which belongs to the engine from now on: it is closed with it,
     * and also where this throws.
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
     * Appends events of one user or many, which are stored together or not at all, and returns when they are durable and
     * applied. The results are in the same order.
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
        List<Appended> appended =
                store.append(events, event -> role(slotOf(running, event.user()), event).isRead());
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
                count(before.get(i), events.get(i), appended.get(i).position(), running);
                learn(events.get(i), appended.get(i));
            }
        }
        return results;
    }

    /** Teaches a stored event to the models whose tables learn. */
    private void learn(Event event, Appended appended) {
        if (!learning) {
            return;
        }
        List<LiveLearner> learners = learners();
        quality.then(() -> learners.forEach(learner -> learn(learner, event, appended)));
    }

    /** What teaches the models in use and those that are about to be. */
    private List<LiveLearner> learners() {
        // In this order: a model is in the later places before it leaves the first.
        List<ModelSlot> models = new ArrayList<>(incoming);
        models.addAll(inUse());
        return models.stream()
                .map(ModelSlot::learner)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** The model in use, and those of an experiment's other arms. */
    private List<ModelSlot> inUse() {
        RunningExperiment running = experiment;
        List<ModelSlot> models = new ArrayList<>(List.of(slot));
        if (running != null) {
            running.others().forEach(arm -> models.add(arm.slot()));
        }
        return models;
    }

    /** The model for a user. */
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
            LOG.log(System.Logger.Level.WARNING, "an event was not learned: " + failure.getMessage());
        }
    }

    /** Adds the items that enough users had and that the model does not know. */
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

    private void count(ModelSlot before, Event event, long position, @Nullable RunningExperiment running) {
        EventRoles.Role role = role(before, event);
        long first = activity.first(event.item());
        if (role.isRead()) {
            activity.add(event.item(), event.timeMicros());
        }
        if (role == EventRoles.Role.TARGET) {
            quality.stored(before, event, position, first, running);
        }
    }

    /** The roles of events by their types, as the model in use was trained or the configuration says; null if all are read. */
    public @Nullable EventRoles roles() {
        return slot.roles();
    }

    /** The events of a user whose earlier ones are damaged are stored all the same: the repair finds them. */
    private void follow(String user, List<Appended> appended, List<Event> events) {
        try {
            states.follow(user, appended, events);
        } catch (DamagedUserException quarantined) {
            LOG.log(System.Logger.Level.DEBUG, "events of a damaged user were stored and not read", quarantined);
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

    /** The k best items for a user; the most popular ones for a user of whom nothing is known. */
    public Recommended recommend(String user, int k, ItemFilter filter) {
        return recommend(user, new ListRequest(k, filter));
    }

    /** The best items for a user; the most popular ones for a user of whom nothing is known. */
    public Recommended recommend(String user, ListRequest request) {
        while (true) {
            ModelSlot current = slotOf(user);
            UserVector vector = states.vector(user);
            int[] seen = vector == null ? new int[0] : vector.items();
            // The vector may be a newer model's, if one was swapped in just now: then the next round uses that model.
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

    /** The k best items after a history, oldest item first, without any stored user; under the same history policy. */
    public Recommended recommend(List<String> history, int k, ItemFilter filter) {
        return recommend(history, new ListRequest(k, filter));
    }

    /** The best items after a history, oldest item first, without any stored user; under the same history policy. */
    public Recommended recommend(List<String> history, ListRequest request) {
        ModelSlot current = slot;
        int[] items = current.live().indices(history);
        return current.recommend(current.read(items), request, items, items.length);
    }

    /**
     * The same with fast weights frozen at their learned start: for showing what adapting does.
     *
     * @throws UserFacingException if the model has no fast weights
     */
    public Recommended recommendFrozen(List<String> history, ListRequest request) {
        ModelSlot frozen = slot.frozen();
        int[] items = frozen.live().indices(history);
        return frozen.recommend(frozen.read(items), request, items, items.length);
    }

    /**
     * Several lists for a user, none with an item of a list before it.
     *
     * @throws UserFacingException if the model has no lists of a kind that is asked for
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
            // As for a single list: the vector may be a newer model's.
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

    /** The same after a history, oldest item first, without any stored user. */
    public Shelves shelves(List<String> history, List<ShelfRequest> requests) {
        ModelSlot current = slot;
        int[] items = current.live().indices(history);
        ShelfMaker maker =
                new ShelfMaker(current, orders, current.read(items), items, items.length, List::of, Map.of());
        return new Shelves(current.info().version(), items.length, maker.make(requests));
    }

    /**
     * Counts a list that a user was shown, durably. Until the user takes an item of it, lists of scenarios that say so count the item
     * down. Returns how many of its items were counted before, as items of the list of that id.
     */
    public int show(Impression list) {
        return store.show(list);
    }

    /** How often items were shown and taken, by scenario and place. */
    public List<PlaceFigures> places() {
        return store.places();
    }

    /** The items most like {@code item}; throws {@link UserFacingException} if the model does not know it. */
    public List<Recommendation> similarItems(String item, ListRequest request) {
        return slot.similarItems(item, request);
    }

    /** The items' attributes as they are in memory, to be read. */
    public Catalogue catalogue() {
        return catalogue.catalogue();
    }

    /**
     * Sets the attributes of items, all or none, durably and at once.
     *
     * @throws UserFacingException if one has an attribute of another type than before
     */
    public void putItems(List<ItemRecord> items) {
        catalogue.put(items);
    }

    /** Sets the attributes of those items whose stored ones differ, durably; returns how many. Errors as of {@link #putItems}. */
    public int putChangedItems(List<ItemRecord> items) {
        return catalogue.putChanged(items);
    }

    /** Removes the attributes of an item, durably and at once; false if it has none. */
    public boolean removeItem(String item) {
        return catalogue.remove(item);
    }

    /** The shop's scenarios by name. */
    public Map<String, StoredScenario> scenarios() {
        return scenarios.all();
    }

    /**
     * Stores a scenario, in place of the one of its name; durable and used when it returns.
     *
     * @param definition its form as JSON
     */
    public void putScenario(Scenario scenario, String definition) {
        scenarios.put(new StoredScenario(scenario, definition));
    }

    /** Removes a scenario, durably and at once; false if there is none of that name. */
    public boolean removeScenario(String name) {
        return scenarios.remove(name);
    }

    /**
     * The items of the model in use that are most like one with these attributes.
     *
     * @throws UserFacingException if the model or the stored attributes cannot tell
     */
    public List<String> similarByContent(ItemAttributes item, int count) {
        return content.of(slot).similarTo(item, count);
    }

    /** The details of an item; empty if neither the model knows it nor attributes of it are stored. */
    public Optional<ItemDetails> item(String item) {
        ItemAttributes attributes = catalogue.get(item);
        boolean known = slot.live().index(item) != 0;
        return attributes == null && !known
                ? Optional.empty()
                : Optional.of(new ItemDetails(item, known, attributes == null ? ItemAttributes.NONE : attributes));
    }

    /** The next items with attributes after {@code after}, in the order of their ids' UTF-8; "" for the first. */
    public List<ItemRecord> items(String after, int count) {
        return catalogue.page(after, count);
    }

    /** The items of the model in use for which an expression is true; all of them if it is null. */
    public Matching matching(@Nullable Expression expression) {
        ModelSlot current = slot;
        return new Matching(
                current.model().items(),
                expression == null
                        ? current.live().catalogue()
                        : current.catalogue().matching(expression));
    }

    /**
     * The stored events of a user, with the effect of each on the fast weights. To find it, the model reads its events again,
     * one by one: at most 2·max_len − 1 of them under the default policy, all under {@code unbounded}. Empty for an unknown
     * user.
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
        int[] items = read.items();
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

    /** Deletes a user's events and state, durably; false if there is no such user. */
    public boolean forget(String user) {
        boolean existed = store.forget(user);
        drop(user);
        return existed;
    }

    /** Drops all that is in memory of a user who has been deleted from the store. */
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
     * Sets whether an item may be recommended, durably and at once; false if the model does not know the item, for which
     * it then holds once a model does.
     */
    public boolean setAvailability(String item, boolean available) {
        store.setAvailability(item, available);
        refreshBlocked();
        return slot.live().index(item) != 0;
    }

    /** Replaces the list of items never to be recommended, durably and at once; returns those the model does not know. */
    public Set<String> deny(Set<String> items) {
        store.deny(items);
        refreshBlocked();
        Set<String> unknown = new TreeSet<>(items);
        unknown.removeIf(item -> slot.live().index(item) != 0);
        return unknown;
    }

    /** The items never to be recommended. */
    public Set<String> denied() {
        return denied;
    }

    /** Reads the stored deny list; the last of several concurrent calls reads what all have written. */
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
     * Adds an item with the mean vector of similar ones, durably: each later model that lacks it gets it too, made of those
     * similar items that it knows. Users who had the item before are read again when they are next needed.
     *
     * @throws UserFacingException if there is such an item, or one of the similar ones is unknown
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

    /** Adds an item to an arm's model if that lacks it and knows one of the similar items. */
    private void addItem(RunningExperiment.Arm arm, String id, List<String> similarTo) {
        List<String> known = similarTo.stream()
                .filter(item -> arm.slot().live().index(item) != 0)
                .toList();
        if (arm.slot().live().index(id) == 0 && !known.isEmpty()) {
            arm.use(slots.withItems(arm.slot(), List.of(new NewItem(id, known)), blocked()));
        }
    }

    /**
     * Counts the catalogue of the model in use anew on all stored events: the events of each item, the tables of related items, and items
     * that the model does not know but at least two users had. Such an item is kept as if {@link #addItem} had added it. Users' states
     * go on; nobody waits. Does nothing if the model knows none of the stored items, or if another model is taken into use meanwhile.
     *
     * @throws UserFacingException if each event adds to the catalogue already, or during an experiment
     */
    public ModelInfo countCatalogue() {
        if (slot.learner() != null) {
            throw new UserFacingException(
                    "this server learns from each event (--live-catalogue each-event): there is nothing to count anew");
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
     * Serves {@code next} from now on; users' states are rebuilt when they are next needed. No request fails: those under way
     * end with the model they began with.
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
     * Starts an experiment, in place of one that is running, durably: users belong to its arms from now on. Their states are built anew when
     * they are next needed.
     *
     * @param definition its form as JSON
     * @param loader gives the model of a directory
     * @throws UserFacingException if a model cannot be used; nothing changes then
     */
    public void startExperiment(Experiment next, String definition, Function<String, TrainedModel> loader) {
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
            store.putExperiment(next.name(), definition);
            experiment = new RunningExperiment(next, models, Instant.now());
            addFound();
        } finally {
            incoming = List.of();
            changing.unlock();
        }
    }

    /**
     * Ends the experiment, durably: all users get the model of one arm. After a restart, that is the model which the server is started with.
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

    /** The experiment that is running; null if there is none. */
    public @Nullable ExperimentView experiment() {
        RunningExperiment running = experiment;
        return running == null ? null : running.view(slot.info().version());
    }

    /** The definition of the experiment that was running when the store was last used, by its name. */
    public Map<String, String> storedExperiments() {
        return store.experiments();
    }

    /** The arm of a user in the experiment that is running; empty if there is none. */
    public Optional<String> armOf(String user) {
        RunningExperiment running = experiment;
        return running == null
                ? Optional.empty()
                : Optional.of(running.armOf(user).definition().name());
    }

    /** How good the lists have been, by a sample of the stored events. */
    public QualityView quality() {
        return new QualityView(
                quality.log(),
                quality.rate(),
                quality.waiting() + counter.pending(),
                quality.skipped(),
                quality.dropped());
    }

    /** The additions of stored events to the tables of the model in use, by item; empty if it does not learn from events. */
    public Map<String, Map<String, Object>> learned() {
        LiveLearner learner = slot.learner();
        return learner == null ? Map.of() : learner.tables().snapshot();
    }

    /** The model in use. */
    public ModelInfo model() {
        return slot.info();
    }

    /** The model in use itself, with added items. */
    public TrainedModel trained() {
        return slot.model();
    }

    /** Counters. */
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
     * Writes a copy of the store as it is now to {@code file}, while everything goes on.
     *
     * @throws UserFacingException if that file cannot be written
     */
    public void backup(Path file) {
        store.backup(file);
    }

    /** The number of users whose stored events are known to be damaged. */
    public int damagedUsers() {
        return store.damagedUsers();
    }

    /** Returns whether removed data may still be in the store's log. */
    public boolean erasing() {
        return store.erasing();
    }

    /** Idle users who are not forgotten because they are more than may be forgotten in one round. */
    public long heldBack() {
        return store.heldBack();
    }

    /** Notes for the operator about the store as it was found, a line each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(store.notes());
        if (activity.unfit() > 0) {
            notes.add(activity.unfit() + " stored events fit no rule of --types \"" + slot.roles()
                    + "\" and are not used");
        }
        return notes;
    }

    /** Writes to the store, changing nothing; throws {@link StoreException} if it cannot. */
    public void probe() {
        store.probe();
    }

    /** Looks at all users once, as the background does, for those to be forgotten. */
    void sweep() {
        long last = 0;
        while (last != Long.MAX_VALUE) {
            last = sweep.slice(last);
        }
    }

    /** Stores all events that were handed in, and closes the store. Later calls throw a {@link StoreException}. */
    @Override
    public void close() {
        counter.close();
        quality.close();
        sweep.close();
        store.close();
    }
}
