package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Configuration as YAML: an ordered tree of maps, lists, strings, numbers (Integer, Long, Double) and booleans. A
 * duplicate key is an error.
 */
public final class YamlFiles {
    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .build())
            .build();
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

    private YamlFiles() {}

    /**
     * Reads a file whose top level is a mapping; an empty file gives an empty map.
     *
     * @throws UserFacingException naming file, line and column if the file is invalid
     */
    public static Map<String, Object> read(Path path) {
        try {
            return parse(Files.readAllBytes(path), path);
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot read: " + Failures.reason(failure), failure);
        }
    }

    /** The YAML text of {@code tree}, with keys in its order. */
    public static String format(Map<String, ?> tree) {
        return YAML.writeValueAsString(tree);
    }

    /** Parses the bytes of a file; {@code path} is for messages. */
    public static Map<String, Object> parse(byte[] bytes, Path path) {
        try {
            JsonNode tree = YAML.readTree(bytes);
            if (tree.isMissingNode() || tree.isNull()) {
                return new LinkedHashMap<>();
            }
            if (!tree.isObject()) {
                throw Failures.problem(path, "not a YAML file of keys and values, such as a line epochs: 20");
            }
            // Parsed from bytes so that errors have line numbers.
            return YAML.readValue(bytes, TREE);
        } catch (JacksonException wrong) {
            TokenStreamLocation location = wrong.getLocation();
            String where = location == null || location.getLineNr() < 1
                    ? ""
                    : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            throw Failures.problem(
                    path, "not valid as a YAML mapping" + where + ": " + wrong.getOriginalMessage(), wrong);
        }
    }
}
