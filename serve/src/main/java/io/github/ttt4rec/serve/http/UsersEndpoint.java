package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.SeenItem;
import io.github.ttt4rec.serve.engine.UserView;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Returns and deletes the stored data of a user. */
final class UsersEndpoint {
    static final Set<String> PARAMETERS = Set.of("limit", "before");
    private static final int DEFAULT_EVENTS = 100;
    /** The largest number that a parameter may be. */
    private static final int MAX_POSITION = 999_999_999;

    private final Engine engine;
    private final int most;
    private final ItemTitles names;

    /** Creates the endpoint; an answer has at most {@code most} events. */
    UsersEndpoint(Engine engine, int most, ItemTitles names) {
        this.engine = engine;
        this.most = most;
        this.names = names;
    }

    Response show(Call call) {
        String user = call.id("user");
        int limit = call.query().count("limit", DEFAULT_EVENTS, most);
        int before = call.query().count("before", MAX_POSITION, MAX_POSITION);
        UserView view = engine.user(user).orElseThrow(UsersEndpoint::unknown);
        List<SeenItem> all = view.history().stream()
                .filter(event -> event.position() < before)
                .toList();
        List<SeenItem> last = all.subList(Math.max(0, all.size() - limit), all.size());
        return Response.json(Json.write(json -> {
            json.writeStringProperty("user", user);
            json.writeNumberProperty("events", view.events());
            json.writeStringProperty("model_version", view.modelVersion());
            json.writeArrayPropertyStart("history");
            last.forEach(each -> write(json, each));
            json.writeEndArray();
        }));
    }

    private void write(JsonGenerator json, SeenItem seen) {
        json.writeStartObject();
        json.writeNumberProperty("position", seen.position());
        json.writeStringProperty("item", seen.item());
        String name = names.of(seen.item());
        if (name != null) {
            json.writeStringProperty("name", name);
        }
        json.writeStringProperty("time", EventTime.instant(seen.timeMicros()).toString());
        json.writeStringProperty("event_id", seen.eventId());
        if (!seen.type().name().isEmpty()) {
            json.writeStringProperty("type", seen.type().name());
        }
        if (!Double.isNaN(seen.type().value())) {
            json.writeNumberProperty("value", seen.type().value());
        }
        if (!seen.context().isNone()) {
            json.writeObjectPropertyStart(ContextField.CONTEXT);
            seen.context().values().forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        json.writeStringProperty("role", seen.role().word());
        json.writeBooleanProperty("known", seen.known());
        number(json, "inner_loss", seen.innerLoss());
        number(json, "change", seen.change());
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value);
        }
    }

    Response forget(Call call) {
        if (!engine.forget(call.id("user"))) {
            throw unknown();
        }
        return Response.empty(204);
    }

    private static Problem unknown() {
        return Problem.notFound("no events of this user");
    }
}
