package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.AttributeType;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.ScenarioJson;
import io.github.ttt4rec.serve.store.EventStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;

/** The shop's scenarios, durable in the store and all in memory. Thread-safe. */
final class StoredScenarios {
    private final EventStore store;
    /** Held while scenarios change, so that memory changes in the same order as the store. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Map<String, StoredScenario> all;

    /** Reads all scenarios in {@code store}; their rules refer to attributes in {@code catalogue}. */
    StoredScenarios(EventStore store, Catalogue catalogue) {
        this.store = store;
        Map<String, AttributeType> types = catalogue.types();
        Map<String, StoredScenario> read = new TreeMap<>();
        store.scenarios()
                .forEach((name, definition) -> read.put(
                        name,
                        new StoredScenario(
                                ScenarioJson.read(
                                        name, JsonMapper.shared().readTree(definition), types, Integer.MAX_VALUE),
                                definition)));
        all = Map.copyOf(read);
    }

    /** Returns the scenarios by name. */
    Map<String, StoredScenario> all() {
        return all;
    }

    void put(StoredScenario scenario) {
        changing.lock();
        try {
            store.putScenario(scenario.scenario().name(), scenario.definition());
            Map<String, StoredScenario> more = new TreeMap<>(all);
            more.put(scenario.scenario().name(), scenario);
            all = Map.copyOf(more);
        } finally {
            changing.unlock();
        }
    }

    boolean remove(String name) {
        changing.lock();
        try {
            Map<String, StoredScenario> fewer = new TreeMap<>(all);
            if (fewer.remove(name) == null) {
                return false;
            }
            store.removeScenario(name);
            all = Map.copyOf(fewer);
            return true;
        } finally {
            changing.unlock();
        }
    }
}
