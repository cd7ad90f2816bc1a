package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.engine.Engine;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** The catalogue: searching it, adding to it, and what may be recommended. */
final class ItemsEndpoint {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_SIMILAR = 1000;

    private final Engine engine;
    private final Limits limits;
    private final Map<String, String> names;
    private final ItemSearch search;

    ItemsEndpoint(Engine engine, Limits limits, Map<String, String> names) {
        this.engine = engine;
        this.limits = limits;
        this.names = names;
        this.search = new ItemSearch(names);
    }

    Response find(Call call) {
        String text = call.query().text("query", "");
        if (text.length() > 255) {
            throw new InvalidField("query", "query must have at most 255 characters");
        }
        int limit = call.query().count("limit", DEFAULT_LIMIT, limits.k());
        List<String> found = search.find(engine.trained().items(), text, limit);
        return Response.json(Json.write(json -> {
            json.writeArrayPropertyStart("items");
            for (String item : found) {
                json.writeStartObject();
                json.writeStringProperty("item", item);
                String name = names.get(item);
                if (name != null) {
                    json.writeStringProperty("name", name);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    Response add(Call call) {
        String item = call.id("item");
        Fields fields = new Fields(Json.read(call.body()), Set.of("similar_to"));
        List<String> similar = fields.ids("similar_to", MAX_SIMILAR);
        if (similar.isEmpty()) {
            throw new InvalidField("similar_to", "similar_to must name at least one item");
        }
        for (String each : similar) {
            if (engine.trained().items().indexOf(each) == null) {
                String shown = InvalidField.shown(each);
                throw new InvalidField("similar_to", "similar_to: the model does not know '" + shown + "'");
            }
        }
        if (engine.trained().items().indexOf(item) != null) {
            throw Problem.of(409, "the model knows this item already");
        }
        engine.addItem(item, similar);
        return Response.json(Json.write(json -> {
                    json.writeStringProperty("item", item);
                    json.writeStringProperty("model_version", engine.model().version());
                }))
                .withStatus(201);
    }

    Response setAvailability(Call call) {
        String item = call.id("item");
        boolean available = new Fields(Json.read(call.body()), Set.of("available")).flag("available");
        boolean known = engine.setAvailability(item, available);
        return Response.json(Json.write(json -> {
            json.writeStringProperty("item", item);
            json.writeBooleanProperty("available", available);
            json.writeBooleanProperty("known", known);
        }));
    }

    Response denied(Call call) {
        return Response.json(Json.write(json -> strings(json, "items", engine.denied())));
    }

    Response deny(Call call) {
        Fields fields = new Fields(Json.read(call.body()), Set.of("items"));
        Set<String> items = new LinkedHashSet<>(fields.ids("items", limits.bodyBytes()));
        Set<String> unknown = engine.deny(items);
        return Response.json(Json.write(json -> {
            strings(json, "items", items);
            strings(json, "unknown", unknown);
        }));
    }

    private static void strings(JsonGenerator json, String name, Collection<String> values) {
        json.writeArrayPropertyStart(name);
        values.stream().sorted().forEach(json::writeString);
        json.writeEndArray();
    }
}
