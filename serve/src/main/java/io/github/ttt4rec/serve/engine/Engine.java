package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ItemFilter;
import io.github.ttt4rec.api.Recommendation;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The online engine. First form: simple and slow, with the lasting signatures. */
public final class Engine implements AutoCloseable {
    private final EventStore store;
    private volatile TrainedModel model;
    private volatile Set<String> denied = Set.of();
    private final Set<String> unavailable = new HashSet<>();

    private Engine(TrainedModel model, EventStore store) {
        this.model = model;
        this.store = store;
    }

    /**
     * Serves {@code model} from the events in {@code store}, which the engine closes.
     *
     * @throws UserFacingException where the model cannot be used with this configuration
     */
    public static Engine open(TrainedModel model, EventStore store, EngineConfig config) {
        return new Engine(model, store);
    }

    /** Appends one event; returns when it is durable and applied. */
    public AppendResult append(Event event) {
        return append(List.of(event)).getFirst();
    }

    /** Appends events in one group commit; the results are in the same order. */
    public List<AppendResult> append(List<Event> events) {
        List<AppendResult> results = new ArrayList<>();
        for (Event event : events) {
            EventStore.Appended appended = store.append(event);
            AppendResult.Status status = appended.duplicate()
                    ? AppendResult.Status.DUPLICATE
                    : model.items().indexOf(event.item()) == null
                            ? AppendResult.Status.ACCEPTED_UNKNOWN_ITEM
                            : AppendResult.Status.ACCEPTED;
            results.add(new AppendResult(status, appended.position(), appended.eventId()));
        }
        return results;
    }

    /** The k best items for a stored user; popular ones for one of whom nothing is known. */
    public Recommended recommend(String user, int k, Filter filter) {
        return recommend(store.events(user).stream().map(Event::item).toList(), k, filter);
    }

    /** The k best items after a history, oldest item first, without any stored user. */
    public Recommended recommend(List<String> history, int k, Filter filter) {
        List<String> excluded = new ArrayList<>(filter.exclude());
        excluded.addAll(denied);
        synchronized (unavailable) {
            excluded.addAll(unavailable);
        }
        TrainedModel current = model;
        if (current.unknown(history).size() == history.size()) {
            List<Recommendation> items = current.items().names().stream()
                    .filter(item -> !excluded.contains(item)
                            && (filter.only() == null || filter.only().contains(item)))
                    .limit(k)
                    .map(item -> new Recommendation(item, 0))
                    .toList();
            return new Recommended(items, Recommended.Basis.POPULARITY, "skeleton", history.size());
        }
        return new Recommended(
                current.recommend(history, k, new ItemFilter(filter.only(), excluded, filter.excludeSeen())),
                Recommended.Basis.PERSONAL,
                "skeleton",
                history.size());
    }

    /**
     * The same with the fast weights frozen at their learned start: for showing what adapting does.
     *
     * @throws UserFacingException where the model has no fast weights
     */
    public Recommended recommendFrozen(List<String> history, int k, Filter filter) {
        return recommend(history, k, filter);
    }

    /** The items most like {@code item}; throws {@link UserFacingException} where the model does not know it. */
    public List<Recommendation> similarItems(String item, int k, Filter filter) {
        return model.similarItems(item, k, ItemFilter.NONE);
    }

    /** What is known of a user: all kept events. Empty for an unknown user. */
    public Optional<UserView> user(String user) {
        List<Event> events = store.events(user);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        List<SeenItem> history = new ArrayList<>();
        for (Event event : events) {
            boolean known = model.items().indexOf(event.item()) != null;
            history.add(new SeenItem(
                    history.size(),
                    event.item(),
                    event.timeMillis(),
                    String.valueOf(event.eventId()),
                    known,
                    null,
                    null));
        }
        return Optional.of(new UserView(user, events.size(), "skeleton", history));
    }

    /** Deletes a user's events and state, durably; false where there is no such user. */
    public boolean forget(String user) {
        return store.forget(user);
    }

    /** Sets whether an item may be recommended, durably and at once; false where the model does not know the item. */
    public boolean setAvailability(String item, boolean available) {
        synchronized (unavailable) {
            if (available) {
                unavailable.remove(item);
            } else {
                unavailable.add(item);
            }
        }
        return model.items().indexOf(item) != null;
    }

    /** Replaces the list of items never to be recommended, durably and at once; returns those the model does not know. */
    public Set<String> deny(Set<String> items) {
        denied = Set.copyOf(items);
        Set<String> unknown = new TreeSet<>(items);
        unknown.removeIf(item -> model.items().indexOf(item) != null);
        return unknown;
    }

    /** The items never to be recommended. */
    public Set<String> denied() {
        return denied;
    }

    /** Adds an item with the mean vector of similar ones, durably: each later model that lacks it gets it too. */
    public void addItem(String id, List<String> similarTo) {
        model = model.withItem(id, similarTo);
    }

    /** Serves {@code next} from now on; users' states are rebuilt when they are next needed. No request fails. */
    public ModelInfo swap(TrainedModel next) {
        model = next;
        return model();
    }

    /** The model in use. */
    public ModelInfo model() {
        return new ModelInfo(
                "skeleton",
                model.config().model().type(),
                model.items().size(),
                Instant.now(),
                HistoryPolicy.HOP,
                true,
                List.of(),
                List.of());
    }

    /** The catalogue of the model in use, added items included. */
    public IdMap items() {
        return model.items();
    }

    /** Counters. */
    public EngineStatistics statistics() {
        return new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Writes a copy of the store as it is now to {@code file}, while everything goes on. */
    public void backup(Path file) {
        if (!denied.contains(file.toString())) {
            throw new UserFacingException("backups are not there yet");
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
