package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.catalogue.AttributeJson;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.serve.engine.Engine;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Searches the catalogue, adds items, and sets which items may be recommended. */
final class ItemsEndpoint {
    private static final String AFTER = "after";
    private static final String ATTRIBUTES = "attributes";
    static final Set<String> PARAMETERS = Set.of("query", "limit", AFTER, ATTRIBUTES, Filters.FILTER);
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_QUERY = 255;
    private static final int MAX_SIMILAR = 1000;
    private static final String SIMILAR = "similar_to";
    private static final String BY_CONTENT = "by_content";
    /** The number of similar items from which an item added by its attributes gets its vector. */
    private static final int CONTENT_ITEMS = 10;

    private final Engine engine;
    private final Limits limits;
    private final ItemTitles names;
    private final ItemSearch search;

    ItemsEndpoint(Engine engine, Limits limits, ItemTitles names) {
        this.engine = engine;
        this.limits = limits;
        this.names = names;
        this.search = new ItemSearch(names);
    }

    Response find(Call call) {
        Query query = call.query();
        String text = query.text("query", "");
        if (text.length() > MAX_QUERY) {
            throw new InvalidField("query", "query must have at most " + MAX_QUERY + " characters");
        }
        int limit = query.count("limit", DEFAULT_LIMIT, limits.k());
        boolean attributes = query.flag(ATTRIBUTES, false);
        Expression where = Filters.read(query.optionalText(Filters.FILTER), engine.catalogue());
        ItemSearch.Page page = search.find(engine.matching(where), text, query.id(AFTER), limit);
        return Response.json(Json.write(json -> {
            json.writeArrayPropertyStart("items");
            page.items().forEach(item -> write(json, item, attributes));
            json.writeEndArray();
            json.writeNumberProperty("total", page.total());
            if (page.isFollowed()) {
                json.writeStringProperty("next", page.items().getLast());
            }
        }));
    }

    private void write(JsonGenerator json, String item, boolean attributes) {
        json.writeStartObject();
        json.writeStringProperty("item", item);
        String name = names.of(item);
        if (name != null) {
            json.writeStringProperty("name", name);
        }
        ItemAttributes stored = attributes ? engine.catalogue().get(item) : null;
        if (stored != null) {
            AttributeJson.write(json, stored);
        }
        json.writeEndObject();
    }

    /** Adds an item to the model, or stores attributes of an item. */
    Response put(Call call) {
        String item = call.id("item");
        JsonNode body = Json.read(call.body());
        if (AttributeJson.MEMBERS.stream().anyMatch(body::has)) {
            return putAttributes(item, body);
        }
        requireSimilar(body);
        add(item, body);
        return Response.json(Json.write(json -> {
                    json.writeStringProperty("item", item);
                    json.writeStringProperty("model_version", engine.model().version());
                }))
                .withStatus(201);
    }

    /**
     * Stores attributes. Also adds the item to a model that lacks it if the request names similar items or asks to find
     * them by the attributes.
     */
    private Response putAttributes(String item, JsonNode body) {
        ItemAttributes attributes = AttributeJson.read(body, Set.of(SIMILAR, BY_CONTENT));
        List<ItemRecord> items = List.of(new ItemRecord(item, attributes));
        engine.catalogue().newTypes(items);
        boolean known = engine.trained().items().indexOf(item) != null;
        if (body.has(SIMILAR) && body.has(BY_CONTENT)) {
            throw new InvalidField(BY_CONTENT, "by_content: give this or similar_to, not both");
        }
        List<String> similar =
                isByContent(body) && !known ? engine.similarByContent(attributes, CONTENT_ITEMS) : List.of();
        // A model that computes the vector from the attributes gets the item with them, below.
        if (!similar.isEmpty() && !engine.trained().encodes(attributes)) {
            engine.addItem(item, similar);
        } else if (body.has(SIMILAR) && !known) {
            add(item, body);
        }
        engine.putItems(items);
        return Response.json(Json.write(json -> {
            json.writeStringProperty("item", item);
            if (!similar.isEmpty()) {
                json.writeArrayPropertyStart(SIMILAR);
                similar.forEach(json::writeString);
                json.writeEndArray();
            }
            json.writeBooleanProperty("known", engine.trained().items().indexOf(item) != null);
            json.writeStringProperty("model_version", engine.model().version());
        }));
    }

    /** Refuses a body with neither attributes nor similar items; misspelt attributes get the right name. */
    private static void requireSimilar(JsonNode body) {
        AttributeJson.read(body, Set.of(SIMILAR, BY_CONTENT));
        if (body.has(BY_CONTENT)) {
            throw new InvalidField(BY_CONTENT, "by_content needs attributes to compare, such as title or categories");
        }
        if (!body.has(SIMILAR)) {
            throw new InvalidField(SIMILAR, "similar_to is missing, and so are attributes such as title or categories");
        }
    }

    private static boolean isByContent(JsonNode body) {
        JsonNode value = body.get(BY_CONTENT);
        if (value != null && !value.isBoolean()) {
            throw new InvalidField(BY_CONTENT, "by_content must be true or false");
        }
        return value != null && value.booleanValue();
    }

    private void add(String item, JsonNode body) {
        Set<String> members = new HashSet<>(AttributeJson.MEMBERS);
        members.retainAll(body.propertyNames());
        members.add(SIMILAR);
        Fields fields = new Fields(body, members);
        List<String> similar = fields.ids(SIMILAR, MAX_SIMILAR);
        if (similar.isEmpty()) {
            throw new InvalidField(SIMILAR, "similar_to must name at least one item");
        }
        for (String each : similar) {
            if (engine.trained().items().indexOf(each) == null) {
                String shown = InvalidField.shown(each);
                throw new InvalidField(SIMILAR, "similar_to: the model does not know '" + shown + "'");
            }
        }
        if (engine.trained().items().indexOf(item) != null) {
            throw Problem.of(409, "the model knows this item already");
        }
        engine.addItem(item, similar);
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
        return Response.json(Json.write(json -> {
            strings(json, "items", engine.denied());
            strings(json, "unavailable", engine.unavailable());
        }));
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
