package io.github.ttt4rec.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON with keys in snake_case. The camelCase keys of older versions are read too. */
public final class ResultJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final Pattern CAMEL_CASE = Pattern.compile("[a-z]+([A-Z][a-z0-9]*)+");
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private ResultJson() {}

    /** Returns a record or a map as indented JSON. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Reads JSON that {@link #write} or an older version wrote.
     *
     * @throws tools.jackson.core.JacksonException if it is not such JSON
     */
    public static <T> T read(byte[] json, TypeReference<T> type) {
        return MAPPER.readValue(MAPPER.treeAsTokens(snakeCase(MAPPER.readTree(json))), type);
    }

    /**
     * Returns the node with every key in snake_case; keys that are not in camelCase, such as {@code NDCG@10}, are
     * unchanged.
     */
    public static JsonNode snakeCase(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode converted = MAPPER.createObjectNode();
            object.properties().forEach(entry -> converted.set(snakeCase(entry.getKey()), snakeCase(entry.getValue())));
            return converted;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode converted = MAPPER.createArrayNode();
            array.forEach(element -> converted.add(snakeCase(element)));
            return converted;
        }
        return node;
    }

    /** Returns a key in snake_case, if it is in camelCase. */
    public static String snakeCase(String key) {
        Matcher camel = CAMEL_CASE.matcher(key);
        return camel.matches()
                ? CAPITAL.matcher(key)
                        .replaceAll(capital ->
                                "_" + Character.toLowerCase(capital.group().charAt(0)))
                : key;
    }
}
