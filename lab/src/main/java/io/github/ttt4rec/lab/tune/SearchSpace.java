package io.github.ttt4rec.lab.tune;

import static java.util.Objects.requireNonNull;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings to search, in a fixed order, and their domains.
 *
 * @param dimensions the settings, at least one
 */
public record SearchSpace(List<Dimension> dimensions) {
    private static final String FLAG = "--param ";
    private static final int COMPLETIONS = 50;
    private static final Pattern DOT = Pattern.compile("\\.");

    /**
     * A setting to search.
     *
     * @param path the path of the setting, such as {@code train.learning_rate}
     */
    public record Dimension(String path, Domain domain) {
        /** The path without its section. */
        public String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }
    }

    /** Checks that there is something to search. */
    public SearchSpace {
        dimensions = List.copyOf(dimensions);
        if (dimensions.isEmpty()) {
            throw new IllegalArgumentException("nothing to search");
        }
    }

    /**
     * Reads ranges {@code key=range}, such as {@code learning_rate=log(1e-4,1e-2)}.
     *
     * @param config the configuration with the settings
     * @throws UserFacingException for a key that the configuration does not have, or a range with invalid values
     */
    public static SearchSpace parse(List<String> ranges, RunConfig config) {
        Map<String, Object> tree = RunConfigs.keys(config);
        Map<String, Dimension> dimensions = new LinkedHashMap<>();
        for (String range : ranges) {
            int equals = range.indexOf('=');
            if (equals < 1) {
                throw new UserFacingException(
                        FLAG + range + ": expected key=range, such as learning_rate=log(1e-4,1e-2)");
            }
            String key = range.substring(0, equals).strip();
            String path = RunConfigs.path(tree, key, FLAG + key);
            if (!path.matches("(model|train)\\..+") || path.equals("model.type")) {
                throw new UserFacingException(
                        FLAG + range + ": only settings of the sections model and train are searched");
            }
            try {
                Domain domain = Domain.parse(range.substring(equals + 1));
                if (dimensions.put(path, new Dimension(path, domain)) != null) {
                    throw new UserFacingException(FLAG + range + ": " + path + " has a range already; give it one");
                }
            } catch (IllegalArgumentException wrong) {
                throw new UserFacingException(FLAG + range + ": " + wrong.getMessage(), wrong);
            }
        }
        SearchSpace space = new SearchSpace(dimensions.values().stream()
                .map(dimension -> new Dimension(dimension.path, dimension.domain.asType(value(tree, dimension.path))))
                .toList());
        space.dimensions.forEach(dimension -> space.check(dimension, config));
        return space;
    }

    /** Checks that each end of a range is valid, at least with some values of the other settings. */
    private void check(Dimension dimension, RunConfig config) {
        RandomGenerator random = new SplittableRandom(1);
        for (Object value : dimension.domain.extremes()) {
            UserFacingException reason = null;
            for (int i = 0; i < COMPLETIONS; i++) {
                Map<String, Object> values = sample(random);
                values.put(dimension.path, value);
                try {
                    RunConfigs.with(config, values, FLAG + dimension.name() + "=" + dimension.domain);
                    reason = null;
                    break;
                } catch (UserFacingException impossible) {
                    reason = impossible;
                }
            }
            if (reason != null) {
                throw reason;
            }
        }
    }

    /** Random values by path, in the order of the dimensions. */
    public Map<String, Object> sample(RandomGenerator random) {
        Map<String, Object> values = new LinkedHashMap<>();
        dimensions.forEach(dimension -> values.put(dimension.path, dimension.domain.sample(random)));
        return values;
    }

    /** The current values in {@code config}, some of which may lie outside their domain. */
    Map<String, Object> valuesOf(RunConfig config) {
        Map<String, Object> tree = RunConfigs.keys(config);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Dimension dimension : dimensions) {
            values.put(dimension.path, requireNonNull(value(tree, dimension.path)));
        }
        return values;
    }

    private static @Nullable Object value(Map<String, Object> tree, String path) {
        Object value = tree;
        for (String name : DOT.split(path, -1)) {
            value = ((Map<?, ?>) requireNonNull(value)).get(name);
        }
        return value;
    }

    /** Returns whether every value is in its domain. */
    boolean contains(Map<String, Object> values) {
        return dimensions.stream()
                .allMatch(dimension -> dimension.domain.contains(requireNonNull(values.get(dimension.path))));
    }

    /** The number of combinations; infinite if a dimension is real. */
    double size() {
        return dimensions.stream()
                .mapToDouble(dimension -> dimension.domain.size())
                .reduce(1, (a, b) -> a * b);
    }
}
