package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.PlaceFigures;
import io.github.ttt4rec.serve.store.ShownItem;
import io.github.ttt4rec.serve.store.StoreException;
import io.github.ttt4rec.serve.store.StoreStatistics;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final StoredExperiments experiments;
    private final ServedModels models;
    private final UserStates states;
    private final RetentionSweep sweep;
    private final LiveQuality quality;
    private final ItemActivity activity;
    private final ItemOrders orders;
    private final LiveContexts contexts;
    private final ContentOfModel content = new ContentOfModel();
    private final long cacheBytes;
    private final boolean learning;

    private Engine(TrainedModel model, EventStore store, EngineConfig config) {
        this.store = store;
        cacheBytes = config.cacheBytes();
        learning = config.updates().eachEvent();
        catalogue = new StoredCatalogue(store);
        scenarios = new StoredScenarios(store, catalogue.catalogue());
        experiments = new StoredExperiments(store);
        models = new ServedModels(
                model,
                store,
                new ModelSlots(store, config.policy(), catalogue, learning, config.roles()),
                config.updates());
        states = new UserStates(store, models::of, cacheBytes);
        quality = new LiveQuality(store, config.qualityRate());
        activity = ItemActivity.of(store, models.current().roles());
        orders = new ItemOrders(activity);
        contexts = new LiveContexts(store, learning, models.current().roles());
        sweep = new RetentionSweep(store, this::drop);
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
        RunningExperiment running = models.experiment();
        List<ModelSlot> before =
                events.stream().map(event -> models.of(running, event.user())).toList();
        List<Appended> appended = store.append(
                events, event -> role(models.of(running, event.user()), event).isRead());
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
                contexts.learn(events.get(i), appended.get(i));
            }
        }
        return results;
    }

    /** Adds a stored event to the tables of models that learn from events. */
    private void learn(Event event, Appended appended) {
        if (!learning) {
            return;
        }
        List<LiveLearner> learners = models.learners();
        quality.then(() -> learners.forEach(learner -> models.learn(learner, event, appended)));
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
        return models.current().roles();
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
        } else if (models.of(event.user()).live().index(event.item()) == 0) {
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
        return recommend(user, EventContext.NONE, request);
    }

    /**
     * The same in a context: if the model knows no item of the user's history, the list is that after the item from
     * which the user came; if the model does not know that item either, the items that are popular within the context.
     */
    public Recommended recommend(String user, EventContext context, ListRequest request) {
        return recommend(reading(user), () -> store.shown(user), context, request);
    }

    private Recommended recommend(
            Reading reading, Supplier<List<ShownItem>> shown, EventContext context, ListRequest request) {
        ModelSlot slot = reading.slot;
        ListSource source = source(reading, context);
        Admitted admitted = slot.fading(slot.admitted(request, source.seen()), request, shown, reading.lowered);
        return source.list(slot.lists(), request, admitted, reading.events);
    }

    private ListSource source(Reading reading, EventContext context) {
        ListSource own = new ListSource(reading.query, reading.items, null, false);
        if (context.isNone() || Arrays.stream(reading.items).anyMatch(item -> item != 0)) {
            return own;
        }
        String referrer = context.referrer();
        if (referrer != null && reading.slot.live().index(referrer) != 0) {
            ReadEvents events = read(reading.slot, List.of(referrer), List.of());
            return new ListSource(reading.slot.read(events.tokens()), events.items(), null, true);
        }
        RuledList.Ranker ranker = contexts.ranker(reading.slot, context);
        return ranker == null ? own : new ListSource(reading.query, reading.items, ranker, false);
    }

    /**
     * A user as a model reads the events, stored or given.
     *
     * @param items indices of the items in the history, 0 for unknown ones
     * @param events the number of events that the query reflects
     * @param lowered see {@link ReadEvents#lowered}
     */
    private record Reading(ModelSlot slot, Query query, int[] items, long events, Map<Integer, Double> lowered) {}

    private Reading reading(String user) {
        while (true) {
            ModelSlot current = models.of(user);
            UserVector vector = states.vector(user);
            if (vector == null) {
                return new Reading(current, Query.of(), new int[0], 0, Map.of());
            }
            // The vector may come from a newer model that was just swapped in; then the next round uses that model.
            if (current.live().accepts(vector.stamp())) {
                return new Reading(current, current.query(vector), vector.items(), vector.events(), vector.lowered());
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
        return recommend(history, List.of(), request);
    }

    /**
     * The same for a history of events with types, which the model reads by their roles as it reads a stored user's.
     *
     * @param types the type of each event; empty if all are targets of the first type
     */
    public Recommended recommend(List<String> history, List<EventType> types, ListRequest request) {
        return recommend(history, types, EventContext.NONE, request);
    }

    /** The same in a context; see {@link #recommend(String, EventContext, ListRequest)}. */
    public Recommended recommend(
            List<String> history, List<EventType> types, EventContext context, ListRequest request) {
        return recommend(reading(models.current(), history, types), List::of, context, request);
    }

    private static Reading reading(ModelSlot slot, List<String> history, List<EventType> types) {
        ReadEvents events = read(slot, history, types);
        int[] items = events.items();
        return new Reading(slot, slot.read(events.tokens()), items, items.length, events.lowered());
    }

    private static ReadEvents read(ModelSlot slot, List<String> history, List<EventType> types) {
        // Without types, each event is a target of kind 0, as for a server without roles.
        ReadEvents events = new ReadEvents(slot.live(), types.isEmpty() ? null : slot.roles(), history.size());
        for (int i = 0; i < history.size(); i++) {
            events.add(history.get(i), 0, types.isEmpty() ? EventType.NONE : types.get(i));
        }
        return events;
    }

    /**
     * Recommends with the fast weights frozen at their learned initial values, to show the effect of adaptation.
     *
     * @param types the type of each event; empty if all are targets of the first type
     * @throws UserFacingException if the model has no fast weights
     */
    public Recommended recommendFrozen(List<String> history, List<EventType> types, ListRequest request) {
        return recommendFrozen(history, types, EventContext.NONE, request);
    }

    /** The same in a context; see {@link #recommend(String, EventContext, ListRequest)}. */
    public Recommended recommendFrozen(
            List<String> history, List<EventType> types, EventContext context, ListRequest request) {
        return recommend(reading(models.current().frozen(), history, types), List::of, context, request);
    }

    /**
     * Returns several lists for a user, none of which repeats an item of an earlier one.
     *
     * @throws UserFacingException if the model cannot make lists of a requested kind
     */
    public Shelves shelves(String user, List<ShelfRequest> requests) {
        return shelves(user, EventContext.NONE, requests);
    }

    /** The same in a context, which lists of kind {@code PERSONAL} and {@code BECAUSE} use as {@link #recommend} does. */
    public Shelves shelves(String user, EventContext context, List<ShelfRequest> requests) {
        return shelves(reading(user), () -> store.shown(user), context, requests);
    }

    private Shelves shelves(
            Reading reading, Supplier<List<ShownItem>> shown, EventContext context, List<ShelfRequest> requests) {
        ShelfMaker maker = new ShelfMaker(
                reading.slot, orders, source(reading, context), reading.items, reading.events, shown, reading.lowered);
        return new Shelves(reading.slot.info().version(), reading.events, maker.make(requests));
    }

    /**
     * Returns several lists after a history, oldest item first, without a stored user.
     *
     * @param types the type of each event; empty if all are targets of the first type
     * @throws UserFacingException if the model cannot make lists of a requested kind
     */
    public Shelves shelves(List<String> history, List<EventType> types, List<ShelfRequest> requests) {
        return shelves(history, types, EventContext.NONE, requests);
    }

    /** The same in a context; see {@link #shelves(String, EventContext, List)}. */
    public Shelves shelves(
            List<String> history, List<EventType> types, EventContext context, List<ShelfRequest> requests) {
        return shelves(reading(models.current(), history, types), List::of, context, requests);
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
    public Recommended similarItems(String item, ListRequest request) {
        ModelSlot current = models.current();
        return current.lists().similar(item, request, current.admitted(request), 0);
    }

    /** Returns the items' attributes in memory, for reading only. */
    public Catalogue catalogue() {
        return catalogue.catalogue();
    }

    /**
     * Sets the attributes of items, all or none, durably; they apply at once. A model that was trained with attributes
     * gets the items that it lacks and whose attributes it knows.
     *
     * @throws UserFacingException if an attribute has a different type than before
     */
    public void putItems(List<ItemRecord> items) {
        catalogue.put(items);
        models.addDescribed(items);
    }

    /**
     * Sets the attributes of the items whose stored attributes differ, durably, and returns their number. Throws the
     * same errors as {@link #putItems}.
     */
    public int putChangedItems(List<ItemRecord> items) {
        int changed = catalogue.putChanged(items);
        models.addDescribed(items);
        return changed;
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
        return content.of(models.current(), catalogue).similarTo(item, count);
    }

    /** Returns the details of an item; empty if the model does not know it and it has no stored attributes. */
    public Optional<ItemDetails> item(String item) {
        ItemAttributes attributes = catalogue.get(item);
        ModelSlot current = models.current();
        int index = current.live().index(item);
        return attributes == null && index == 0
                ? Optional.empty()
                : Optional.of(new ItemDetails(
                        item,
                        index != 0,
                        index != 0 && current.isOpen(index),
                        attributes == null ? ItemAttributes.NONE : attributes));
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
        ModelSlot current = models.current();
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
        return events.isEmpty() ? Optional.empty() : Optional.of(UserView.of(user, events, models.of(user)));
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
        models.forget(user);
        contexts.forget(user);
    }

    /**
     * Sets durably whether an item may be recommended; applies at once. Returns false if the model does not know the
     * item; the setting then applies once a model does.
     */
    public boolean setAvailability(String item, boolean available) {
        store.setAvailability(item, available);
        models.refreshBlocked();
        return models.current().live().index(item) != 0;
    }

    /**
     * Replaces the list of items that must never be recommended, durably, and returns those that the model does not
     * know. Applies at once.
     */
    public Set<String> deny(Set<String> items) {
        store.deny(items);
        models.refreshBlocked();
        Set<String> unknown = new TreeSet<>(items);
        unknown.removeIf(item -> models.current().live().index(item) != 0);
        return unknown;
    }

    /** Returns the items that must never be recommended. */
    public Set<String> denied() {
        return models.denied();
    }

    /** Returns the items whose availability is switched off. */
    public Set<String> unavailable() {
        return store.unavailable();
    }

    /**
     * Adds an item with the mean vector of similar items, durably: each later model that lacks the item gets it too,
     * from the similar items that it knows. States of users who had the item before are rebuilt when they are next
     * needed.
     *
     * @throws UserFacingException if the item exists, or a similar item is unknown
     */
    public void addItem(String id, List<String> similarTo) {
        models.addItem(id, similarTo);
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
        return models.count();
    }

    /**
     * Serves {@code next} from now on; users' states are rebuilt when they are next needed. No request fails: those in
     * progress finish with the previous model.
     *
     * @throws UserFacingException if it cannot be used under this engine's configuration, or during an experiment; the
     *     model in use stays
     */
    public ModelInfo swap(TrainedModel next) {
        ModelInfo info = models.swap(next);
        states.clear();
        contexts.use(models.current().roles());
        return info;
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
        models.start(next, loader, ofArms -> experiments.started(next, definition, ofArms));
    }

    /**
     * Continues the experiment that was running when the store was last used, with its figures if its models are the
     * same. Throws the same errors as {@link #startExperiment}.
     */
    public void resumeExperiment(Experiment before, String definition, Function<String, TrainedModel> loader) {
        models.start(before, loader, ofArms -> experiments.resumed(before, definition, ofArms));
    }

    /**
     * Ends the experiment durably: all users get the model of one arm. After a restart they get the model that the
     * server is started with.
     *
     * @param keep the name of the arm
     * @throws UserFacingException if no experiment is running, or it has no such arm
     */
    public void endExperiment(String keep) {
        models.end(keep);
        contexts.use(models.current().roles());
    }

    /** Returns the running experiment; null if there is none. */
    public @Nullable ExperimentView experiment() {
        RunningExperiment running = models.experiment();
        return running == null ? null : running.view(models.current().info().version());
    }

    /** Returns the definition of the experiment that was running when the store was last used, by its name. */
    public Map<String, String> storedExperiments() {
        return store.experiments();
    }

    /** Returns the quality of the lists, measured on a sample of the events. */
    public QualityView quality() {
        return new QualityView(
                quality.log(),
                quality.rate(),
                quality.waiting() + models.pending(),
                quality.skipped(),
                quality.dropped());
    }

    /**
     * Returns the additions of stored events to the current model's tables, by item; empty if it does not learn from
     * events.
     */
    public Map<String, Map<String, Object>> learned() {
        LiveLearner learner = models.current().learner();
        return learner == null ? Map.of() : learner.tables().snapshot();
    }

    /**
     * Returns the counts of events by context, item and day, which lists for users without a history are based on; empty
     * if the server does not learn from events.
     */
    public Map<String, Map<String, Map<Integer, Integer>>> contexts() {
        return contexts.snapshot();
    }

    /** Describes the current model. */
    public ModelInfo model() {
        return models.current().info();
    }

    /** Returns the current model, with added items. */
    public TrainedModel trained() {
        return models.current().model();
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
            notes.add(activity.unfit() + " stored events fit no rule of --types \""
                    + models.current().roles() + "\" and are not used");
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
        models.close();
        quality.close();
        RunningExperiment running = models.experiment();
        if (running != null) {
            quality.keep(running);
        }
        sweep.close();
        store.close();
    }
}
