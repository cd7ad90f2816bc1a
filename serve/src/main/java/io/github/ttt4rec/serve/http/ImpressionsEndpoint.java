package io.github.ttt4rec.serve.http;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.PlaceFigures;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Accepts reports of lists that users were shown, and returns how often their items were taken. */
final class ImpressionsEndpoint {
    private static final Set<String> MEMBERS = Set.of("user", "items", ScenariosEndpoint.SCENARIO, "list", "time");
    /** The maximum number of names of places, against clients that use a new name for each list. */
    private static final int MAX_SCENARIOS = 1_000;

    private final Engine engine;
    private final int items;
    /** The names in reports so far. */
    private final Set<String> scenarios = ConcurrentHashMap.newKeySet();

    /** Creates the endpoint; a list may have at most {@code items} items. */
    ImpressionsEndpoint(Engine engine, int items) {
        this.engine = engine;
        this.items = items;
        engine.places().forEach(place -> scenarios.add(place.scenario()));
    }

    Response show(Call call) {
        Fields fields = new Fields(Json.read(call.body()), MEMBERS);
        String user = fields.id("user");
        if (call.user() != null && !call.user().equals(user)) {
            throw Problem.of(403, "this token lets its user report lists of that user alone");
        }
        List<String> list = fields.ids("items", items);
        if (list.isEmpty()) {
            throw new InvalidField("items", "items must name the items that were shown, in order");
        }
        if (new HashSet<>(list).size() < list.size()) {
            throw new InvalidField("items", "items: an item is in the list twice");
        }
        String scenario = requireNonNullElse(fields.optionalText(ScenariosEndpoint.SCENARIO), Scenario.DEFAULT);
        if (!Impression.isScenario(scenario)) {
            throw new InvalidField(ScenariosEndpoint.SCENARIO, "scenario: a name has 1 to 64 letters, digits, _ and -");
        }
        requirePlace(scenario);
        long now = EventTime.nowMicros();
        int before = engine.show(new Impression(
                user, list, scenario, fields.optionalId("list"), Math.min(now, fields.time("time", now))));
        return Response.json(Json.write(json -> {
            json.writeNumberProperty("counted", list.size() - before);
            json.writeNumberProperty("duplicates", before);
        }));
    }

    /**
     * Counts a list as shown, if it has items, and returns its new id; null if it has none.
     *
     * @param scenario the scenario that made the list; null for none
     */
    @Nullable String record(String user, List<Recommendation> list, @Nullable Scenario scenario) {
        if (list.isEmpty()) {
            return null;
        }
        String id = UUID.randomUUID().toString();
        String name = scenario == null ? Scenario.DEFAULT : scenario.name();
        scenarios.add(name);
        List<String> shown = list.stream().map(Recommendation::item).toList();
        engine.show(new Impression(user, shown, name, id, EventTime.nowMicros()));
        return id;
    }

    private void requirePlace(String scenario) {
        boolean stored = scenario.equals(Scenario.DEFAULT) || engine.scenarios().containsKey(scenario);
        if (scenarios.size() >= MAX_SCENARIOS && !scenarios.contains(scenario) && !stored) {
            throw new InvalidField(
                    ScenariosEndpoint.SCENARIO,
                    "scenario: lists of " + MAX_SCENARIOS
                            + " scenarios were reported already, so no others are counted");
        }
        scenarios.add(scenario);
    }

    /** Returns the numbers of items shown and taken, by scenario and place. */
    Response figures(Call call) {
        List<PlaceFigures> places = engine.places();
        return Response.json(Json.write(json -> {
            json.writeArrayPropertyStart("places");
            for (PlaceFigures place : places) {
                json.writeStartObject();
                json.writeStringProperty(ScenariosEndpoint.SCENARIO, place.scenario());
                json.writeNumberProperty("place", place.place());
                json.writeNumberProperty("shown", place.shown());
                json.writeNumberProperty("taken", place.taken());
                json.writeNumberProperty("rate", (double) place.taken() / place.shown());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }
}
