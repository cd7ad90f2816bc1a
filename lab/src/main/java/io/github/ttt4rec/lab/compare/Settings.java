package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.internal.RunDirectory;
import io.github.ttt4rec.lab.compare.Method.Blended;
import io.github.ttt4rec.lab.compare.Method.Refitted;
import io.github.ttt4rec.lab.compare.Method.Reused;
import io.github.ttt4rec.lab.compare.Method.Trained;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings that all methods of a comparison share.
 *
 * @param shared the configuration for reading, filtering and splitting the log and for training networks
 * @param model settings {@code key=value} of models; each model uses those that it has
 */
public record Settings(RunConfig shared, List<String> model) {
    private static final String MODEL = "model";

    /**
     * Divides the settings for all methods into those that every method uses and those that only some models have.
     *
     * @throws UserFacingException for a key that does not exist
     */
    public static Settings of(RunConfig defaults, List<String> settings) {
        List<String> common = new ArrayList<>();
        List<String> model = new ArrayList<>();
        Map<String, Object> tree = RunConfigs.keys(defaults);
        tree.remove(MODEL);
        for (String setting : settings) {
            String key = key(setting);
            if (key.equals("type") || key.equals("model.type") || key.equals(MODEL)) {
                throw new UserFacingException("--set " + setting + ": --models chooses the models");
            }
            if (knows(tree, key)) {
                common.add(setting);
            } else if (RecommenderTypes.names().stream().anyMatch(type -> knows(modelSection(type), key))) {
                model.add(setting);
            } else {
                // The error lists the existing keys.
                RunConfigs.set(defaults, List.of(setting));
                throw new UserFacingException("--set " + setting + ": no such key");
            }
        }
        return new Settings(RunConfigs.set(defaults, common), List.copyOf(model));
    }

    /** These settings with another shared configuration. */
    public Settings withShared(RunConfig other) {
        return new Settings(other, model);
    }

    private static String key(String setting) {
        int equals = setting.indexOf('=');
        return equals < 0 ? setting : setting.substring(0, equals).strip();
    }

    private static Map<String, Object> modelSection(String type) {
        RunConfig config =
                RunConfig.defaults().withModel(RecommenderTypes.defaults(type).orElseThrow());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(MODEL, RunConfigs.keys(config).get(MODEL));
        return tree;
    }

    /**
     * Returns whether {@code key} is in {@code tree}: a key with sections exactly there, a key without sections at any
     * depth.
     */
    private static boolean knows(Map<?, ?> tree, String key) {
        int point = key.lastIndexOf('.');
        if (point < 0) {
            return tree.containsKey(key)
                    || tree.values().stream().anyMatch(value -> value instanceof Map<?, ?> map && knows(map, key));
        }
        Map<?, ?> section = tree;
        for (String name : key.substring(0, point).split("\\.", -1)) {
            if (!(section.get(name) instanceof Map<?, ?> inner)) {
                return false;
            }
            section = inner;
        }
        return section.containsKey(key.substring(point + 1));
    }

    /** The full configuration of a method; for a blend, that of its first part. */
    RunConfig configure(Method method) {
        return switch (method.recipe()) {
            case Reused reused -> RunConfigs.set(configure(reused.trained()), reused.settings());
            case Refitted refitted -> RunConfigs.set(configure(refitted.trained()), refitted.settings());
            // The parts are runs of the same comparison, each with its own configuration.
            case Blended blended -> configure(blended.parts().getFirst());
            case Trained trained -> {
                RunConfig config = shared;
                if (trained.file() != null) {
                    RunConfig own = RunConfigs.read(trained.file(), shared);
                    config = shared.withModel(own.model()).withTrain(own.train());
                } else {
                    config = RunConfigs.set(shared, List.of("model.type=" + trained.type()));
                }
                Map<String, Object> section = modelSection(config.model().type());
                List<String> applied = new ArrayList<>();
                model.stream().filter(setting -> knows(section, key(setting))).forEach(applied::add);
                applied.addAll(trained.settings());
                yield RunConfigs.set(config, applied);
            }
        };
    }

    /** The settings that none of these methods has. */
    public List<String> unused(List<Method> methods) {
        return model.stream()
                .filter(setting -> methods.stream()
                        .noneMatch(method ->
                                knows(modelSection(configure(method).model().type()), key(setting))))
                .toList();
    }

    /** The tree of a method's configuration. */
    Map<String, Object> tree(Method method) {
        return RunConfigs.toMap(configure(method));
    }

    /**
     * A tree from {@link #tree}, possibly by a version with fewer settings, with the missing settings filled in by
     * their defaults, which have not changed. Versions that wrote no model for a memory-based recommender without a
     * file used the defaults of the type.
     */
    static Map<String, Object> completed(Map<String, Object> tree, Map<String, Object> now, String source) {
        Map<String, Object> whole = new LinkedHashMap<>(tree);
        whole.putIfAbsent(MODEL, now.get(MODEL));
        return RunConfigs.toMap(RunConfigs.overlay(RunConfig.defaults(), whole, source));
    }

    /** The values of settings that a {@link #fingerprint} by an older version may lack. */
    static Map<String, String> unset() {
        Map<String, String> defaults = new Settings(RunConfig.defaults(), List.of()).fingerprint("");
        defaults.remove(RunDirectory.DATA);
        return defaults;
    }

    /**
     * The settings that all runs of a directory must share: data, split, and everything that is set for all methods.
     */
    Map<String, String> fingerprint(String dataSha256) {
        Map<String, Object> tree = RunConfigs.toMap(shared);
        tree.remove(MODEL);
        Map<String, String> flat = new LinkedHashMap<>();
        flat.put(RunDirectory.DATA, dataSha256);
        flat.putAll(RunConfigs.flat(tree));
        model.forEach(setting -> flat.put(
                "model." + key(setting).replaceFirst("^model\\.", ""),
                setting.substring(key(setting).length() + 1)));
        return flat;
    }
}
