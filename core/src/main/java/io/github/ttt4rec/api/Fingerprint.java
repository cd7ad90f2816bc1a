package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.RunDirectory;
import io.github.ttt4rec.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Identifies a run's data and configuration in its checkpoint, so that a checkpoint can only be resumed with the same
 * data and configuration.
 */
final class Fingerprint {
    private static final String DATA = "data file";
    private static final String ATTRIBUTES = "attributes of items";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    private Fingerprint() {}

    /**
     * The data's checksum, that of the attributes of its items, and all settings by path, as JSON.
     *
     * @param evaluated the version of the evaluated model, for a fit on all events that follows its evaluation;
     *     otherwise empty
     */
    static String of(Dataset data, RunConfig config, String evaluated, Map<String, ItemAttributes> attributes) {
        Map<String, String> entries = new LinkedHashMap<>();
        if (!evaluated.isEmpty()) {
            entries.put("evaluated model", evaluated);
        }
        entries.put(DATA, data.source().sha256());
        if (!attributes.isEmpty()) {
            entries.put(ATTRIBUTES, sha256(data.items(), attributes));
        }
        entries.putAll(RunConfigs.flat(RunConfigs.toMap(config)));
        return JSON.writeValueAsString(entries);
    }

    /** A checksum of all attributes of the items. */
    private static String sha256(IdMap items, Map<String, ItemAttributes> attributes) {
        MessageDigest digest = Sha256.newDigest();
        for (String name : items.names()) {
            digest.update((name + '=' + attributes.get(name) + '\n').getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Checks that a checkpoint belongs to this run.
     *
     * @throws UserFacingException if it does not; the message names what differs
     */
    static void requireSame(Path checkpoint, String saved, String now) {
        if (saved.equals(now)) {
            return;
        }
        Map<String, String> before;
        try {
            before = JSON.readValue(saved, ENTRIES);
        } catch (JacksonException damaged) {
            throw new UserFacingException(checkpoint + ": its fingerprint is damaged; start over", damaged);
        }
        Map<String, String> after = JSON.readValue(now, ENTRIES);
        if (!Objects.requireNonNull(after.get(DATA)).equals(before.get(DATA))) {
            throw new UserFacingException(
                    checkpoint + ": belongs to a run on another data file; resume with the same file, or start over");
        }
        if (!Objects.equals(after.get(ATTRIBUTES), before.get(ATTRIBUTES))) {
            throw new UserFacingException(checkpoint + ": belongs to a run "
                    + (before.containsKey(ATTRIBUTES)
                            ? "with other attributes of items"
                            : "without attributes of items")
                    + "; resume with the same --items, or start over");
        }
        throw new UserFacingException(checkpoint + ": was made with other settings ("
                + RunDirectory.differences(before, after) + "); resume with the same settings, or start over");
    }
}
