package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * {@link RunConfig} as a tree of sections and keys: {@code read}, {@code data}, {@code split}, {@code model},
 * {@code train}. Keys are the records' component names in snake case, such as {@code model.hidden_size}; keys that are
 * not given keep their defaults.
 */
public final class RunConfigs {
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addModule(new SimpleModule()
                    .addSerializer(new LowerCaseEnums())
                    .addSerializer(new TimeBounds())
                    .addDeserializer(TimeBound.class, new TimeBoundReader()))
            .build();

    private static final String MAX_LEN = "max_len";
    private static final String AVERAGING = "averaging";
    private static final String ID_DROPOUT = "id_dropout";
    private static final String TYPE_FEATURE = "type_feature";

    /** Paths of the keys that may be null. */
    private static final Set<String> OPTIONAL = optional(tree(RunConfig.defaults()));

    private RunConfigs() {}

    /** The record as files hold it: the split is one string. */
    private record Raw(ReadOptions read, PrepareOptions data, String split, ObjectNode model, TrainConfig train) {}

    private static final class LowerCaseEnums extends StdSerializer<Object> {
        LowerCaseEnums() {
            super(Enum.class);
        }

        @Override
        public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(((Enum<?>) value).name().toLowerCase(Locale.ROOT));
        }
    }

    private static final class TimeBounds extends StdSerializer<TimeBound> {
        TimeBounds() {
            super(TimeBound.class);
        }

        @Override
        public void serialize(TimeBound value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(value.text());
        }
    }

    private static final class TimeBoundReader extends StdDeserializer<TimeBound> {
        TimeBoundReader() {
            super(TimeBound.class);
        }

        @Override
        public TimeBound deserialize(JsonParser parser, DeserializationContext context) {
            return new TimeBound(parser.getString());
        }
    }

    /** All keys, with those that {@link #toMap} leaves out. */
    public static Map<String, Object> keys(RunConfig config) {
        return map(tree(config));
    }

    /**
     * The tree as it is saved, in a stable order: with all defaults, but without settings that earlier versions did not
     * have and that are at their default.
     */
    public static Map<String, Object> toMap(RunConfig config) {
        ObjectNode tree = tree(config);
        omitTypeFeature((ObjectNode) tree.get("model"));
        if (config.train().averaging() == 0) {
            // Checkpoints and comparisons of versions without this setting stay resumable.
            ((ObjectNode) tree.get("train")).remove(AVERAGING);
        }
        if (config.train().idDropout() == TrainConfig.ID_DROPOUT) {
            ((ObjectNode) tree.get("train")).remove(ID_DROPOUT);
        }
        return map(tree);
    }

    /** Leaves the key out if it is false, so that models without the feature keep the version and the settings they had before it. */
    private static void omitTypeFeature(ObjectNode model) {
        if (!model.path(TYPE_FEATURE).asBoolean(false)) {
            model.remove(TYPE_FEATURE);
        }
        if (model.get("network") instanceof ObjectNode network) {
            omitTypeFeature(network);
        }
    }

    private static Set<String> optional(ObjectNode defaults) {
        Set<String> paths = new HashSet<>();
        defaults.properties()
                .forEach(section -> section.getValue().properties().forEach(entry -> {
                    if (entry.getValue().isNull()) {
                        paths.add(section.getKey() + "." + entry.getKey());
                    }
                }));
        return paths;
    }

    static ObjectNode tree(RunConfig config) {
        return MAPPER.valueToTree(new Raw(
                config.read(),
                config.data(),
                config.split().spec(),
                section(config.model().type(), config.model()),
                config.train()));
    }

    static ObjectNode tree(Map<String, ?> tree) {
        return MAPPER.valueToTree(tree);
    }

    static Map<String, Object> map(ObjectNode tree) {
        return MAPPER.convertValue(tree, TREE);
    }

    /** A model's section: its type, then its own keys. */
    static ObjectNode section(String type, Object config) {
        ObjectNode section = MAPPER.createObjectNode().put("type", type);
        section.setAll((ObjectNode) MAPPER.valueToTree(config));
        section.remove(MAX_LEN);
        return section;
    }

    /** The values of a tree as text, by path, such as {@code train.epochs}. */
    public static Map<String, String> flat(Map<String, ?> tree) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten(tree, "", flat);
        return flat;
    }

    private static void flatten(Map<?, ?> tree, String prefix, Map<String, String> into) {
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?> section) {
                flatten(section, prefix + key + ".", into);
            } else {
                into.put(prefix + key, String.valueOf(value));
            }
        });
    }

    /**
     * Replaces the model section by the defaults of the type that {@code changes} names, if any, before the section's
     * other keys are checked.
     */
    private static void chooseModel(ObjectNode merged, ObjectNode changes, String source) {
        String type = changes.path("model").path("type").asString("");
        if (!type.isEmpty() && !type.equals(merged.path("model").path("type").asString(""))) {
            merged.set("model", section(type, RecommenderTypes.require(type, source)));
        }
    }

    /**
     * Reads a YAML file on top of {@code defaults}.
     *
     * @throws UserFacingException naming the file and the key that is wrong
     */
    public static RunConfig read(Path file, RunConfig defaults) {
        return overlay(defaults, YamlFiles.read(file), file.toString());
    }

    /**
     * {@code defaults} , overridden by the values of {@code tree}.
     *
     * @param source the tree's name in messages, such as a file's name
     * @throws UserFacingException for an unknown key or a value that does not fit; the message names the key
     */
    public static RunConfig overlay(RunConfig defaults, Map<String, ?> tree, String source) {
        ObjectNode merged = tree(defaults);
        ObjectNode changes = MAPPER.valueToTree(tree);
        if (changes.path("model").path("backbone").asString("").equalsIgnoreCase("mamba")
                && !changes.path("model").has("pre_conv")) {
            // The published Mamba backbone has the convolution; pre_conv=false leaves it out.
            ((ObjectNode) changes.get("model")).put("pre_conv", true);
        }
        chooseModel(merged, changes, source);
        merge(merged, changes, "", source);
        readTimes(merged, source);
        return bind(merged, source);
    }

    /** Checks the times of the data section here, so that messages name the key. */
    static void readTimes(ObjectNode tree, String source) {
        for (String key : List.of("after", "before")) {
            JsonNode time = tree.path("data").path(key);
            if (time.isValueNode() && !time.isNull()) {
                TimeBound bound = TimeBound.parse(source + ": data." + key, time.asString());
                ((ObjectNode) tree.get("data")).put(key, bound.text());
            }
        }
    }

    /**
     * {@code config} overridden by settings {@code key=value}. A key may be given without its section, such as
     * {@code hidden_size}, if only one section has a key of that name.
     */
    public static RunConfig set(RunConfig config, List<String> settings) {
        return overlay(config, changes(tree(withType(config, settings)), settings), "--set");
    }

    /**
     * {@code config} overridden by values given by path.
     *
     * @param values the values by path, such as {@code train.learning_rate}
     * @param source the name of their source in messages
     * @throws UserFacingException if a value is out of range or values contradict each other
     */
    public static RunConfig with(RunConfig config, Map<String, ?> values, String source) {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((path, value) -> put(tree, path, value));
        return overlay(config, tree, source);
    }

    /**
     * The defaults of a recommender type, overridden by a file's values and then by settings.
     *
     * @param type one of {@link RecommenderTypes#names}
     * @param file a configuration as YAML; null for none
     * @param settings {@code key=value}
     * @throws UserFacingException naming the file or the setting, and the key that is wrong
     */
    public static RunConfig ofType(String type, @Nullable Path file, List<String> settings) {
        RunConfig config = file == null ? RunConfig.defaults() : read(file, RunConfig.defaults());
        List<String> all = new ArrayList<>(List.of("model.type=" + type));
        all.addAll(settings);
        return set(config, all);
    }

    /** Settings {@code key=value} as a tree. {@code defaults} must have all keys that exist. */
    static Map<String, Object> changes(ObjectNode defaults, List<String> settings) {
        Map<String, Object> changes = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new UserFacingException("--set " + setting + ": expected key=value, such as model.layer=linear");
            }
            String key = setting.substring(0, equals).strip();
            put(
                    changes,
                    path(defaults, key, "--set " + key),
                    scalar(setting.substring(equals + 1).strip()));
        }
        return changes;
    }

    /**
     * The full path, such as {@code model.hidden_size}, of a key given with or without its section.
     *
     * @param tree the tree of a configuration
     * @param source the tree's name in messages
     * @throws UserFacingException if there is no such key, or several sections have it
     */
    public static String path(Map<String, ?> tree, String key, String source) {
        return path(tree(tree), key, source);
    }

    /**
     * Applies a model type given among the settings first, so that keys without a section are looked up in the section
     * of that type.
     */
    private static RunConfig withType(RunConfig config, List<String> settings) {
        RunConfig result = config;
        for (String setting : settings) {
            if (setting.startsWith("type=") || setting.startsWith("model.type=")) {
                String type = setting.substring(setting.indexOf('=') + 1).strip();
                result = type.equals(result.model().type())
                        ? result
                        : result.withModel(RecommenderTypes.require(type, "--set"));
            }
        }
        return result;
    }

    /** Puts a value into nested maps. If a path, such as {@code train.epochs}, is given twice, the last value wins. */
    @SuppressWarnings("unchecked") // only this method puts maps there
    public static void put(Map<String, Object> tree, String dottedPath, Object value) {
        String[] path = dottedPath.split("\\.", -1);
        Map<String, Object> section = tree;
        for (int i = 0; i < path.length - 1; i++) {
            Object inner = section.get(path[i]);
            if (!(inner instanceof Map)) {
                inner = new LinkedHashMap<String, Object>();
                section.put(path[i], inner);
            }
            section = (Map<String, Object>) inner;
        }
        section.put(path[path.length - 1], value);
    }

    /** A text as a value: a number or a boolean if it parses as one, else the text itself. */
    public static Object scalar(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isValueNode() && !node.isNull() && !node.isMissingNode()
                    ? MAPPER.convertValue(node, Object.class)
                    : text;
        } catch (JacksonException notJson) {
            // Plain words such as linear are values too.
            return text;
        }
    }

    private static String path(ObjectNode tree, String key, String source) {
        if (key.contains(".") || tree.has(key)) {
            return key;
        }
        List<String> found = new ArrayList<>();
        find(tree, key, "", found);
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new UserFacingException(source + ": "
                + (found.isEmpty() ? "there is no such key" + meant(key, tree, "") : "could be any of " + found));
    }

    /** Adds the paths of all keys of that name in the sections of a tree. */
    private static void find(JsonNode tree, String key, String prefix, List<String> found) {
        tree.properties().forEach(section -> {
            String path = prefix + section.getKey() + ".";
            if (section.getValue().has(key)) {
                found.add(path + key);
            }
            find(section.getValue(), key, path, found);
        });
    }

    /** The nearest key for a "did you mean", or all keys if none is near. */
    private static String meant(String key, JsonNode tree, String prefix) {
        String wanted = key.substring(key.lastIndexOf('.') + 1);
        List<String> paths = new ArrayList<>(List.of(keys(tree, prefix).split(", ", -1)));
        tree.properties().forEach(entry -> paths.add(prefix + entry.getKey())); // sections too
        List<String> names = paths.stream()
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .toList();
        return Nearest.of(wanted, names)
                .map(nearest -> "; did you mean " + paths.get(names.indexOf(nearest)) + "?")
                .orElse("; there are " + keys(tree, prefix));
    }

    private static String keys(JsonNode tree, String prefix) {
        return tree.properties().stream()
                .map(entry -> entry.getValue().isObject()
                        ? keys(entry.getValue(), prefix + entry.getKey() + ".")
                        : prefix + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    static void merge(ObjectNode into, ObjectNode changes, String prefix, String source) {
        changes.properties().forEach(change -> {
            String path = prefix + change.getKey();
            JsonNode old = into.get(change.getKey());
            if (old == null) {
                throw new UserFacingException(source + ": unknown key \"" + path + "\"" + meant(path, into, prefix));
            }
            if (old instanceof ObjectNode section) {
                if (change.getValue().isNull()) {
                    return; // YAML gives null for a section whose keys are all commented out
                }
                if (!(change.getValue() instanceof ObjectNode values)) {
                    throw new UserFacingException(source + ": \"" + path + "\" is a section with the keys "
                            + keys(section, path + ".") + ", not a value");
                }
                merge(section, values, path + ".", source);
            } else if (change.getValue().isContainer()) {
                throw new UserFacingException(source + ": \"" + path + "\" takes one value, not a list or section");
            } else if (change.getValue().isNull() && !OPTIONAL.contains(path)) {
                throw new UserFacingException(source + ": \"" + path + "\" needs a value");
            } else {
                into.set(change.getKey(), change.getValue());
            }
        });
    }

    static RunConfig bind(ObjectNode tree, String source) {
        return named(tree, source, () -> {
            Raw raw = MAPPER.treeToValue(tree, Raw.class);
            RecommenderConfig model = bindSection(
                    raw.model,
                    RecommenderTypes.require(raw.model.path("type").asString(""), source),
                    raw.train.maxLen());
            return new RunConfig(raw.read, raw.data, SplitSpec.parse(raw.split), model, raw.train);
        });
    }

    /** The section {@code model} as a record of the type of {@code defaults}. */
    @SuppressWarnings("unchecked") // a record's class is its only type
    static <T> T bindSection(ObjectNode section, T defaults, int maxLen) {
        ObjectNode keys = section.deepCopy();
        keys.remove("type");
        // The number of items that a model reads is set once, by train.max_len.
        if (MAPPER.<ObjectNode>valueToTree(defaults).has(MAX_LEN)) {
            keys.put(MAX_LEN, maxLen);
        }
        try {
            return (T) MAPPER.treeToValue(keys, defaults.getClass());
        } catch (DatabindException wrong) {
            throw wrong.prependPath(Raw.class, "model");
        }
    }

    /** Runs a binding; errors in the tree become messages that name the source and the key. */
    static <T> T named(ObjectNode tree, String source, Supplier<T> binding) {
        try {
            return binding.get();
        } catch (DatabindException wrong) {
            String path = wrong.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .collect(Collectors.joining("."));
            Throwable cause = wrong.getCause();
            String reason = cause instanceof IllegalArgumentException invalid
                    ? invalid.getMessage()
                    : "the value " + value(tree, path) + " does not fit" + expected(wrong);
            throw new UserFacingException(source + ": " + (path.isEmpty() ? "" : path + ": ") + reason, wrong);
        } catch (UserFacingException wrong) {
            throw new UserFacingException(source + ": " + wrong.getMessage(), wrong);
        }
    }

    private static String expected(DatabindException wrong) {
        Class<?> type = wrong instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        if (type == null) {
            return "";
        }
        if (type.isEnum()) {
            return "; it is one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "; it is a whole number";
        }
        if (type == double.class) {
            return "; it is a number";
        }
        return type == boolean.class ? "; it is true or false" : "";
    }

    private static String value(ObjectNode tree, String path) {
        JsonNode node = tree;
        for (String key : path.split("\\.", -1)) {
            node = node.path(key);
        }
        return node.toString();
    }
}
