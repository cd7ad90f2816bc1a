package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelTypes;
import io.github.ttt4rec.api.NeighbourRunConfig;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is tuned: the configuration of a recommender, in which trials change some values. */
public sealed interface Subject {
    /** A network, which is trained. */
    record Network(RunConfig shared) implements Subject {
        @Override
        public Map<String, Object> toMap() {
            return RunConfigs.toMap(shared);
        }

        @Override
        public Network with(Map<String, ?> values, String source) {
            return new Network(RunConfigs.overlay(shared, tree(values), source));
        }

        @Override
        public Network withShared(UnaryOperator<RunConfig> change) {
            return new Network(change.apply(shared));
        }

        @Override
        public String describe() {
            return shared.model().describe();
        }
    }

    /** A recommender without a network, which is computed from the training part. */
    record Neighbours(NeighbourRunConfig config) implements Subject {
        @Override
        public RunConfig shared() {
            return config.shared();
        }

        @Override
        public Map<String, Object> toMap() {
            return config.toMap();
        }

        @Override
        public Neighbours with(Map<String, ?> values, String source) {
            return new Neighbours(config.overlay(tree(values), source));
        }

        @Override
        public Neighbours withShared(UnaryOperator<RunConfig> change) {
            return new Neighbours(new NeighbourRunConfig(change.apply(config.shared()), config.method()));
        }

        @Override
        public String describe() {
            return config.method().type();
        }
    }

    /** How the log is read, filtered and split, and what training takes. */
    RunConfig shared();

    /** The full configuration as a tree. */
    Map<String, Object> toMap();

    /**
     * This with other values.
     *
     * @param values by path, such as {@code train.learning_rate}
     * @param source what to call them in messages
     * @throws UserFacingException if they are impossible, alone or together
     */
    Subject with(Map<String, ?> values, String source);

    /** This with another way to read, filter and split. */
    Subject withShared(UnaryOperator<RunConfig> change);

    /** For people, on one line. */
    String describe();

    /** The types of recommender that can be tuned. */
    static List<String> types() {
        return Stream.concat(ModelTypes.names().stream(), NeighbourRunConfig.names().stream())
                .toList();
    }

    /**
     * A recommender with its defaults, then a file's values, then settings.
     *
     * @param type one of {@link #types}
     * @param file a configuration as YAML; null for none
     * @param settings {@code key=value}
     * @throws UserFacingException naming file or setting and key where something is wrong
     */
    static Subject of(String type, @Nullable Path file, List<String> settings) {
        for (String setting : settings) {
            if (setting.matches("(model\\.)?type\\s*=.*")) {
                throw new UserFacingException("--set " + setting + ": --model chooses the model");
            }
        }
        RunConfig defaults = RunConfig.defaults();
        if (NeighbourRunConfig.names().contains(type)) {
            NeighbourRunConfig config = file == null
                    ? NeighbourRunConfig.of(type, defaults).orElseThrow()
                    : NeighbourRunConfig.read(file, defaults)
                            .filter(read -> read.method().type().equals(type))
                            .or(() -> NeighbourRunConfig.of(type, RunConfigs.read(file, defaults)))
                            .orElseThrow();
            return new Neighbours(config.set(settings));
        }
        List<String> all = new ArrayList<>(List.of("model.type=" + type));
        all.addAll(settings);
        return new Network(RunConfigs.set(file == null ? defaults : RunConfigs.read(file, defaults), all));
    }

    private static Map<String, Object> tree(Map<String, ?> values) {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((path, value) -> RunConfigs.put(tree, path, value));
        return tree;
    }
}
