package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.catalogue.AttributeJson;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.InvalidAttributeException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.ItemDetails;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Stores, returns, removes and exports items' attributes. */
final class CatalogueEndpoint {
    private static final String ITEM = "item";
    private static final int EXPORTED = 1_000;

    private final Engine engine;
    private final int batch;

    /** Creates the endpoint; a request may have at most {@code batch} items. */
    CatalogueEndpoint(Engine engine, int batch) {
        this.engine = engine;
        this.batch = batch;
    }

    Response show(Call call) {
        ItemDetails details = engine.item(call.id(ITEM))
                .orElseThrow(() ->
                        Problem.notFound("the model does not know this item, and no attributes of it are stored"));
        return Response.json(Json.write(json -> {
            json.writeStringProperty(ITEM, details.item());
            json.writeBooleanProperty("known", details.known());
            json.writeBooleanProperty("available", details.available());
            AttributeJson.write(json, details.attributes());
        }));
    }

    Response putAll(Call call) {
        List<ItemRecord> items = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode each : values(call)) {
            try {
                ItemAttributes attributes = AttributeJson.read(each, Set.of(ITEM));
                items.add(new ItemRecord(id(each), attributes));
            } catch (InvalidAttributeException | InvalidField e) {
                throw Problem.badRequest("item " + items.size() + ", " + e.getMessage() + "; no item was stored");
            }
            if (!ids.add(items.getLast().id())) {
                throw Problem.badRequest(
                        "item " + (items.size() - 1) + " is in the request already; no item was stored");
            }
        }
        engine.putItems(items);
        long unknown = items.stream()
                .filter(item -> engine.trained().items().indexOf(item.id()) == null)
                .count();
        return Response.json(Json.write(json -> {
            json.writeNumberProperty("stored", items.size());
            json.writeNumberProperty("unknown", unknown);
        }));
    }

    private static String id(JsonNode item) {
        JsonNode id = item.get(ITEM);
        if (id == null || (!id.isString() && !id.isIntegralNumber())) {
            throw new InvalidField(ITEM, "item: must be a string or a whole number");
        }
        return Fields.checkedId(ITEM, id.asString());
    }

    private List<JsonNode> values(Call call) {
        List<JsonNode> values;
        if (call.lines()) {
            values = Json.readLines(call.body(), batch);
        } else {
            JsonNode body = Json.read(call.body());
            if (!body.isArray()) {
                throw Problem.badRequest("an array of items is expected");
            }
            values = List.copyOf(body.values());
        }
        if (values.size() > batch) {
            throw Problem.of(413, "more than " + batch + " items in one request: send them in several");
        }
        return values;
    }

    Response remove(Call call) {
        if (!engine.removeItem(call.id(ITEM))) {
            throw Problem.notFound("no attributes of this item are stored");
        }
        return Response.empty(204);
    }

    Response summary(Call call) {
        Catalogue.Counts counts = engine.catalogue().counts();
        return Response.json(Json.write(json -> {
            json.writeNumberProperty("items", counts.items());
            json.writeObjectPropertyStart("attributes");
            counts.types().forEach((name, type) -> json.writeStringProperty(name, type.word()));
            json.writeEndObject();
            json.writeArrayPropertyStart("categories");
            for (Map.Entry<String, Long> category : counts.categories().entrySet()) {
                json.writeStartObject();
                json.writeStringProperty("category", category.getKey());
                json.writeNumberProperty("items", category.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    Response export(Call call) {
        String after = call.query().text("after", "");
        int limit = call.query().count("limit", EXPORTED, EXPORTED);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (ItemRecord item : engine.items(after, limit)) {
            lines.writeBytes(Json.write(json -> {
                json.writeStringProperty(ITEM, item.id());
                AttributeJson.write(json, item.attributes());
            }));
            lines.write('\n');
        }
        return new Response(200, "application/x-ndjson", lines.toByteArray(), Map.of());
    }
}
