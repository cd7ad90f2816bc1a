package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.YamlFiles;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.VsKnnOptions;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A recommender without a network and what decides its recommendations: the counterpart of {@link RunConfig}, the same as a
 * tree but for the section {@code model}.
 *
 * @param shared how the log is read, filtered and split, and {@code train.max_len}; its model is of no concern
 * @param method the recommender
 */
public record NeighbourRunConfig(RunConfig shared, MemoryBasedConfig method) {
    private static final String MODEL = "model";
    private static final List<MemoryBasedConfig> DEFAULTS =
            List.of(ItemKnn.Options.defaults(), VsKnnOptions.defaults(), RecentPopularity.Options.defaults());

    /** The recommenders without a network that have something to set, as {@code model.type} takes them. */
    public static List<String> names() {
        return DEFAULTS.stream().map(MemoryBasedConfig::type).toList();
    }

    /** A type of recommender with its defaults; empty for a type that does not exist. */
    public static Optional<NeighbourRunConfig> of(String type, RunConfig shared) {
        return DEFAULTS.stream()
                .filter(method -> method.type().equals(type))
                .findFirst()
                .map(method -> new NeighbourRunConfig(shared, method).overlay(Map.of(), type));
    }

    /**
     * Reads a YAML file over the defaults of the recommender that it names; empty if it names none of {@link #names}.
     *
     * @throws UserFacingException naming file and key where something is wrong
     */
    public static Optional<NeighbourRunConfig> read(Path file, RunConfig shared) {
        Map<String, Object> tree = YamlFiles.read(file);
        return tree.get(MODEL) instanceof Map<?, ?> model
                ? of(String.valueOf(model.get("type")), shared).map(base -> base.overlay(tree, file.toString()))
                : Optional.empty();
    }

    /** The full tree, defaults included, in a stable order. */
    public Map<String, Object> toMap() {
        return RunConfigs.map(tree());
    }

    private ObjectNode tree() {
        ObjectNode tree = RunConfigs.tree(shared);
        tree.set(MODEL, RunConfigs.section(method.type(), method));
        return tree;
    }

    /** This with settings {@code key=value} in their place, as {@link RunConfigs#set}. */
    public NeighbourRunConfig set(List<String> settings) {
        return overlay(RunConfigs.changes(tree(), settings), "--set");
    }

    /**
     * This with the values of {@code changes} in their place; the type stays.
     *
     * @param source what to call the tree in messages, such as a file's name
     * @throws UserFacingException for an unknown key or a value that does not fit, naming the key
     */
    public NeighbourRunConfig overlay(Map<String, ?> changes, String source) {
        ObjectNode merged = tree();
        RunConfigs.merge(merged, RunConfigs.tree(changes), "", source);
        RunConfigs.readTimes(merged, source);
        ObjectNode section = (ObjectNode) merged.get(MODEL);
        ObjectNode others = merged.deepCopy();
        others.set(MODEL, RunConfigs.section(shared.model().type(), shared.model()));
        RunConfig run = RunConfigs.bind(others, source);
        return new NeighbourRunConfig(
                run,
                RunConfigs.named(
                        merged,
                        source,
                        () -> RunConfigs.bindSection(
                                section, method, run.train().maxLen())));
    }
}
