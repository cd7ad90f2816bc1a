package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.engine.Explained;
import io.github.ttt4rec.serve.engine.Recommended;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes lists of items as JSON. */
final class ListJson {
    /** The maximum number of the user's events in an explanation, those that raise the score most. */
    private static final int MAX_EVENTS = 3;

    private final ItemTitles names;

    ListJson(ItemTitles names) {
        this.names = names;
    }

    /** Writes the members {@code items} and, for an empty list, {@code emptied_by}. */
    void items(JsonGenerator json, Recommended list) {
        items(json, list.items(), list.pinned(), list.explanations());
        if (list.emptiedBy() != null) {
            json.writeStringProperty("emptied_by", list.emptiedBy());
        }
    }

    /** Writes the member {@code left_out}, if a restriction removed items and explanations were requested. */
    void leftOut(JsonGenerator json, Recommended list) {
        if (list.leftOut().isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("left_out");
        list.leftOut().forEach(each -> {
            json.writeStartObject();
            json.writeStringProperty("by", each.by());
            json.writeNumberProperty("items", each.items());
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    private void items(
            JsonGenerator json, List<Recommendation> items, Set<String> pinned, Map<String, Explained> explanations) {
        json.writeArrayPropertyStart("items");
        for (Recommendation each : items) {
            json.writeStartObject();
            item(json, each.item());
            json.writeNumberProperty("score", each.score());
            if (pinned.contains(each.item())) {
                json.writeBooleanProperty("pinned", true);
            }
            explanation(json, explanations.get(each.item()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Writes the members {@code item} and, if it has one, {@code name}. */
    void item(JsonGenerator json, String item) {
        json.writeStringProperty("item", item);
        String name = names.of(item);
        if (name != null) {
            json.writeStringProperty("name", name);
        }
    }

    private void explanation(JsonGenerator json, @Nullable Explained terms) {
        if (terms == null) {
            return;
        }
        json.writeObjectPropertyStart("explanation");
        json.writeNumberProperty("network", terms.network());
        json.writeNumberProperty("popularity", terms.popularity());
        json.writeNumberProperty("repeat", terms.repeat());
        json.writeNumberProperty("memory", terms.memory());
        json.writeArrayPropertyStart("events");
        terms.events().stream()
                .filter(event -> event.score() > 0)
                .limit(MAX_EVENTS)
                .forEach(event -> {
                    json.writeStartObject();
                    item(json, event.item());
                    json.writeNumberProperty("logit", event.score());
                    json.writeEndObject();
                });
        json.writeEndArray();
        json.writeEndObject();
    }
}
