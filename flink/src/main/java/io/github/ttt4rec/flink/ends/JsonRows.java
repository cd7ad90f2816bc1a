package io.github.ttt4rec.flink.ends;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.read.TimeParser;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRequest;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.recommend.ItemFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses events and requests from JSON objects. Not thread-safe. */
public final class JsonRows {
    /** A row is wrong. The message lacks the row's place, which the caller adds. */
    static final class WrongRowException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongRowException(String message) {
            super(message);
        }
    }

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Set<String> REQUEST = Set.of("user", "request_id", "k", "only", "exclude", "exclude_seen");

    private final List<String> names;
    private final @Nullable EventRoles roles;

    /**
     * Creates a reader of events with the member names and the roles of {@code wanted}; defaults are {@code user},
     * {@code item}, {@code time}, {@code event_id}, {@code type} and {@code value}. Without roles, all events are read.
     *
     * @throws UserFacingException if the roles cannot be parsed
     */
    JsonRows(ReadOptions wanted) {
        names = List.of(
                requireNonNullElse(wanted.userColumn(), "user"),
                requireNonNullElse(wanted.itemColumn(), "item"),
                requireNonNullElse(wanted.timeColumn(), "time"),
                requireNonNullElse(wanted.eventIdColumn(), "event_id"),
                requireNonNullElse(wanted.typeColumn(), "type"),
                requireNonNullElse(wanted.valueColumn(), "value"));
        String types = wanted.types();
        roles = types == null ? null : EventRoles.parse(types);
    }

    /**
     * Parses an event. Ignores members without a meaning.
     *
     * @return the event; null if its role is negative or ignored, so that predictions do not read it
     */
    @Nullable UserEvent event(byte[] json) throws WrongRowException {
        JsonNode object = object(json);
        String type = roles == null ? "" : requireNonNullElse(optionalId(object, names.get(4)), "");
        double value = roles == null ? Double.NaN : value(roles, object);
        if (roles != null && !isRead(roles, type, value)) {
            return null;
        }
        return new UserEvent(
                id(object, names.get(0)),
                id(object, names.get(1)),
                time(object, names.get(2)),
                optionalId(object, names.get(3)),
                type,
                value);
    }

    /** The value of an event, if the rules compare values; otherwise NaN. */
    private double value(EventRoles known, JsonNode object) throws WrongRowException {
        JsonNode value = known.compares() ? get(object, names.get(5)) : null;
        if (value != null && !value.isNumber()) {
            throw new WrongRowException("\"" + names.get(5) + "\" must be a number");
        }
        return value == null ? Double.NaN : value.doubleValue();
    }

    private static boolean isRead(EventRoles known, String type, double value) throws WrongRowException {
        EventRoles.Rule rule = known.of(type, value);
        if (rule == null) {
            throw new WrongRowException(known.unfit(type, value));
        }
        return rule.role().isRead();
    }

    /** Parses a request for a list. */
    static UserRequest request(byte[] json, int defaultK) throws WrongRowException {
        JsonNode object = object(json);
        for (String name : object.propertyNames()) {
            if (!REQUEST.contains(name)) {
                throw new WrongRowException("unknown member '" + name + "'"
                        + Nearest.of(name, REQUEST)
                                .map(near -> ", did you mean '" + near + "'?")
                                .orElse(""));
            }
        }
        List<String> only = ids(object, "only");
        List<String> exclude = ids(object, "exclude");
        ItemFilter filter = new ItemFilter(only, exclude == null ? List.of() : exclude, flag(object, "exclude_seen"));
        return new UserRequest(id(object, "user"), optionalId(object, "request_id"), k(object, defaultK), filter);
    }

    private static JsonNode object(byte[] json) throws WrongRowException {
        JsonNode value;
        try {
            value = MAPPER.readTree(json);
        } catch (JacksonException e) {
            String said = e.getOriginalMessage().lines().findFirst().orElse("cannot be parsed");
            // The rest of the message describes the parser's input, which is only this line.
            throw new WrongRowException("malformed JSON: " + said.replaceFirst(" \\(start marker at .*", ""));
        }
        if (!value.isObject()) {
            throw new WrongRowException("not a JSON object");
        }
        return value;
    }

    private static @Nullable JsonNode get(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static String id(JsonNode object, String name) throws WrongRowException {
        String id = optionalId(object, name);
        if (id == null) {
            throw new WrongRowException("\"" + name + "\" is missing");
        }
        return id;
    }

    private static @Nullable String optionalId(JsonNode object, String name) throws WrongRowException {
        JsonNode value = get(object, name);
        return value == null ? null : text(value, name);
    }

    private static String text(JsonNode value, String name) throws WrongRowException {
        String id = value.isString() ? value.stringValue() : value.isIntegralNumber() ? value.asString() : "";
        if (id.isEmpty()) {
            throw new WrongRowException("\"" + name + "\" must be a string or a whole number, and not empty");
        }
        return id;
    }

    private static long time(JsonNode object, String name) throws WrongRowException {
        JsonNode value = get(object, name);
        return value == null
                ? UserEvent.NO_TIME
                : time(name, value.isString() ? value.stringValue() : value.asString());
    }

    /** Parses a textual time by the rules for logs. */
    private static long time(String name, String text) throws WrongRowException {
        try {
            return TimeParser.micros(text);
        } catch (UserFacingException e) {
            throw new WrongRowException("\"" + name + "\": " + e.getMessage());
        }
    }

    private static @Nullable List<String> ids(JsonNode object, String name) throws WrongRowException {
        JsonNode value = get(object, name);
        if (value == null) {
            return null;
        }
        if (!value.isArray()) {
            throw new WrongRowException("\"" + name + "\" must be an array of ids");
        }
        List<String> ids = new ArrayList<>(value.size());
        for (JsonNode each : value.values()) {
            ids.add(text(each, name));
        }
        return ids;
    }

    private static boolean flag(JsonNode object, String name) throws WrongRowException {
        JsonNode value = get(object, name);
        if (value != null && !value.isBoolean()) {
            throw new WrongRowException("\"" + name + "\" must be true or false");
        }
        return value != null && value.booleanValue();
    }

    private static int k(JsonNode object, int otherwise) throws WrongRowException {
        JsonNode value = get(object, "k");
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new WrongRowException("\"k\" must be a whole number from 1");
        }
        return value.intValue();
    }
}
