package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.serve.engine.AppendResult;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Accepts events: one object, an array of objects, or one object per line. A wrong event does not affect the others.
 */
final class EventsEndpoint {
    private static final Set<String> MEMBERS =
            Set.of("user", "item", "time", "event_id", "type", "value", ContextField.CONTEXT);

    private final Engine engine;
    private final int batch;

    EventsEndpoint(Engine engine, int batch) {
        this.engine = engine;
        this.batch = batch;
    }

    /** One of the request's events, parsed or wrong. */
    private record Read(
            @Nullable Event event,
            @Nullable String field,
            @Nullable String error) {}

    Response append(Call call) {
        long now = EventTime.nowMicros();
        List<Read> read = call.lines() ? lines(call.body(), now) : values(Json.read(call.body()), now);
        if (read.isEmpty()) {
            throw Problem.badRequest("no events");
        }
        List<Event> events = new ArrayList<>(read.size());
        for (Read each : read) {
            if (each.event != null) {
                events.add(each.event);
            }
        }
        if (events.isEmpty()) {
            Read first = read.getFirst();
            String detail = read.size() == 1 ? first.error : "none of the " + read.size() + " events is valid";
            throw Problem.of(400, String.valueOf(detail), json -> write(json, read, List.of()));
        }
        String own = call.user();
        if (own != null && !events.stream().allMatch(event -> event.user().equals(own))) {
            throw Problem.of(403, "this token lets its user send events of that user alone");
        }
        List<AppendResult> results = engine.append(events);
        return Response.json(Json.write(json -> write(json, read, results)));
    }

    private List<Read> values(JsonNode body, long now) {
        if (!body.isArray()) {
            return List.of(read(body, now));
        }
        if (body.size() > batch) {
            throw tooMany();
        }
        List<Read> read = new ArrayList<>(body.size());
        for (JsonNode each : body.values()) {
            read.add(read(each, now));
        }
        return read;
    }

    private List<Read> lines(byte[] body, long now) {
        List<Read> read = new ArrayList<>();
        int from = 0;
        while (from < body.length) {
            int to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            if (!isBlank(body, from, to)) {
                if (read.size() == batch) {
                    throw tooMany();
                }
                read.add(readLine(body, from, to, now));
            }
            from = to + 1;
        }
        return read;
    }

    private static boolean isBlank(byte[] body, int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private Read readLine(byte[] body, int from, int to, long now) {
        JsonNode value;
        try {
            value = Json.read(body, from, to);
        } catch (Problem notJson) {
            return new Read(null, null, notJson.getMessage());
        }
        return read(value, now);
    }

    private Read read(JsonNode value, long now) {
        try {
            Fields fields = new Fields(value, MEMBERS);
            EventType type = type(fields);
            return new Read(
                    new Event(
                            fields.id("user"),
                            fields.id("item"),
                            fields.time("time", now),
                            fields.optionalId("event_id"),
                            type,
                            ContextField.of(fields)),
                    null,
                    null);
        } catch (InvalidField e) {
            return new Read(null, e.field(), e.getMessage());
        }
    }

    private EventType type(Fields fields) {
        String name = fields.optionalId("type");
        EventType type = new EventType(name == null ? "" : name.strip(), fields.number("value", Double.NaN));
        requireRole("type", type, engine.roles());
        return type;
    }

    /** Throws {@link InvalidField} if there are roles for types and none for this one. */
    static void requireRole(String field, EventType type, @Nullable EventRoles roles) {
        if (roles != null && roles.of(type.name(), type.value()) == null) {
            throw new InvalidField(field, (field.equals("type") ? "" : field + ": ") + refusal(type, roles));
        }
    }

    private static String refusal(EventType type, EventRoles roles) {
        String known = "this server knows the types " + roles.known() + " (--types of serve, or else of the training)";
        if (type.name().isEmpty()) {
            return "type is missing: " + known;
        }
        return "the type '" + InvalidField.shown(type.name()) + "'"
                + (Double.isNaN(type.value()) ? "" : " with the value " + type.value()) + " has no role: " + known;
    }

    private Problem tooMany() {
        return Problem.of(413, "more than " + batch + " events in one request: send them in several");
    }

    private static void write(JsonGenerator json, List<Read> read, List<AppendResult> results) {
        json.writeArrayPropertyStart("results");
        int next = 0;
        for (int i = 0; i < read.size(); i++) {
            Read each = read.get(i);
            json.writeStartObject();
            if (each.event != null) {
                AppendResult result = results.get(next++);
                json.writeStringProperty("status", result.status().name().toLowerCase(Locale.ROOT));
                json.writeNumberProperty("position", result.position());
                json.writeStringProperty("event_id", result.eventId());
            } else {
                json.writeStringProperty("status", "rejected");
                json.writeNumberProperty("index", i);
                if (each.field != null && !each.field.isEmpty()) {
                    json.writeStringProperty("field", each.field);
                }
                json.writeStringProperty("error", each.error);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
