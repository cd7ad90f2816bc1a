package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.internal.YamlFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the file that lists the catalogues of a server. Paths in it are relative to its directory. */
public final class TenantsFile {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Set<String> KEYS = Set.of(
            "name",
            "model",
            "state",
            "items",
            "types",
            "token_file",
            "admin_token_file",
            "retrain",
            "cache_mb",
            "rate",
            "max_requests",
            "max_k");

    private TenantsFile() {}

    /**
     * A catalogue.
     *
     * @param name its name in paths
     * @param model directory of the model
     * @param state file of its events
     * @param items items' attributes to store at the start; null for none
     * @param types roles of events by type; null for those of the training
     * @param tokens file with clients' tokens; null for none
     * @param admins file with admins' tokens; null for none
     * @param retrain when to retrain, as for {@code serve --retrain}, or {@code off}; null for the server's own setting
     * @param numbers the other settings by their keys, those that are given
     */
    public record Entry(
            String name,
            Path model,
            Path state,
            @Nullable Path items,
            @Nullable String types,
            @Nullable Path tokens,
            @Nullable Path admins,
            @Nullable String retrain,
            Map<String, Integer> numbers) {
        /** Returns a setting such as {@code cache_mb}, or {@code otherwise}. */
        public int number(String key, int otherwise) {
            return numbers.getOrDefault(key, otherwise);
        }
    }

    /** Reads a file; throws {@link UserFacingException} that names the file, the tenant and the key if it is wrong. */
    public static List<Entry> read(Path file) {
        Map<String, Object> tree = YamlFiles.read(file);
        if (!(tree.get("tenants") instanceof List<?> list) || list.isEmpty() || tree.size() != 1) {
            throw new UserFacingException(
                    file
                            + ": expected one key, tenants, with a list: tenants: [{name: shoes, model: models/shoes, state: shoes.db}]");
        }
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Path> states = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String where = file + ": tenant " + (i + 1);
            if (!(list.get(i) instanceof Map<?, ?> members)) {
                throw new UserFacingException(where + " is not a mapping with the keys name, model and state");
            }
            Entry entry = new Fields(where, file.toAbsolutePath().getParent(), members).entry();
            if (!names.add(entry.name())) {
                throw new UserFacingException(
                        where + ": the name " + entry.name() + " is the name of an earlier tenant");
            }
            if (!states.add(entry.state().toAbsolutePath().normalize())) {
                throw new UserFacingException(where + ", state: " + entry.state() + " belongs to an earlier tenant");
            }
            entries.add(entry);
        }
        return List.copyOf(entries);
    }

    private record Fields(String where, @Nullable Path directory, Map<?, ?> members) {
        Entry entry() {
            Map<String, Integer> numbers = new HashMap<>();
            for (Object key : members.keySet()) {
                String name = String.valueOf(key);
                if (!KEYS.contains(name)) {
                    String hint = Nearest.of(name, KEYS)
                            .map(near -> ", did you mean " + near + "?")
                            .orElse(", there are "
                                    + String.join(", ", KEYS.stream().sorted().toList()));
                    throw new UserFacingException(where + ": unknown key " + name + hint);
                }
                if (name.equals("cache_mb") || name.equals("rate") || name.startsWith("max_")) {
                    numbers.put(name, positive(name));
                }
            }
            String name = required("name");
            if (!NAME.matcher(name).matches()) {
                throw new UserFacingException(
                        where + ", name: '" + name + "' must be of a-z, 0-9, - and _, up to 63 of them, as paths are");
            }
            return new Entry(
                    name,
                    path(required("model")),
                    path(required("state")),
                    optionalPath("items"),
                    text("types"),
                    optionalPath("token_file"),
                    optionalPath("admin_token_file"),
                    text("retrain"),
                    Map.copyOf(numbers));
        }

        private int positive(String key) {
            if (members.get(key) instanceof Integer number && number > 0) {
                return number;
            }
            throw new UserFacingException(where + ", " + key + ": must be a whole number above 0");
        }

        private @Nullable String text(String key) {
            Object value = members.get(key);
            return value == null ? null : String.valueOf(value);
        }

        private String required(String key) {
            String value = text(key);
            if (value == null || value.isBlank()) {
                throw new UserFacingException(where + ": " + key + " is missing");
            }
            return value;
        }

        private Path path(String text) {
            return directory == null ? Path.of(text) : directory.resolve(text);
        }

        private @Nullable Path optionalPath(String key) {
            String value = text(key);
            return value == null ? null : path(value);
        }
    }
}
