package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.internal.RunDirectory;
import java.nio.file.Path;
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
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    private Fingerprint() {}

    /** The data's checksum and all settings by path, as JSON. */
    static String of(DataSource data, RunConfig config) {
        return of(data, config, "");
    }

    /** The same for a fit on all events that follows the evaluation of the model of version {@code evaluated}. */
    static String of(DataSource data, RunConfig config, String evaluated) {
        Map<String, String> entries = new LinkedHashMap<>();
        if (!evaluated.isEmpty()) {
            entries.put("evaluated model", evaluated);
        }
        entries.put(DATA, data.sha256());
        entries.putAll(RunConfigs.flat(RunConfigs.toMap(config)));
        return JSON.writeValueAsString(entries);
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
        throw new UserFacingException(checkpoint + ": was made with other settings ("
                + RunDirectory.differences(before, after) + "); resume with the same settings, or start over");
    }
}
