package io.github.ttt4rec.recommend;

/**
 * The settings of a recommender: the section {@code model} of a configuration. Implementations are records whose components are
 * the section's keys in snake case. A component {@code maxLen} is filled from {@code train.max_len}.
 */
public sealed interface RecommenderConfig permits NetworkConfig, MemoryBasedConfig, TwoStageConfig {
    /** The type of recommender, one lower-case word such as {@code ttt4rec} or {@code item-knn}. */
    String type();

    /** The type and all settings on one line, for people. */
    default String describe() {
        String components = toString();
        return type() + ": " + components.substring(components.indexOf('[') + 1, components.length() - 1);
    }
}
