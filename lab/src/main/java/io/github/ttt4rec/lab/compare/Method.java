package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A method that a comparison tests: a recommender with its settings.
 *
 * @param name the name by which it is chosen, also used in the names of its run directories
 * @param description a one-line description
 * @param groups the groups it belongs to, whose names choose all their members
 * @param recipe how the recommender is created
 */
public record Method(String name, String description, Set<String> groups, Recipe recipe) {

    /** How a recommender is created. */
    public sealed interface Recipe {}

    /**
     * Fits a recommender.
     *
     * @param type the type of recommender
     * @param file a configuration file whose sections {@code model} and {@code train} are used; null for none
     * @param settings the settings {@code key=value}, which override the file and the settings for all methods
     */
    public record Trained(String type, @Nullable Path file, List<String> settings) implements Recipe {}

    /**
     * Uses the weights of another method with other settings.
     *
     * @param trained the method that trains the weights
     * @param settings the settings {@code key=value} for scoring
     * @param policy the history policy
     */
    public record Reused(Method trained, List<String> settings, HistoryPolicy policy) implements Recipe {}

    /**
     * Uses the network of another two-stage method and fits the second stage again with other settings.
     *
     * @param trained the method that trains the network
     * @param settings the settings {@code key=value}, which override those of {@code trained}
     */
    public record Refitted(Method trained, List<String> settings) implements Recipe {}

    /**
     * Blends the scores of other methods, with weights chosen on validation cases; see {@link Blend}.
     *
     * @param parts the blended methods: at least two different trained ones
     */
    public record Blended(List<Method> parts) implements Recipe {
        /** Copies the list. */
        public Blended {
            parts = List.copyOf(parts);
        }
    }

    /** The history policy under which the method is tested. */
    HistoryPolicy policy() {
        return recipe instanceof Reused reused ? reused.policy() : HistoryPolicy.WINDOW;
    }

    /**
     * Returns whether the method is a network without a second stage, whose weights can be used under another policy.
     */
    boolean isNetwork() {
        return recipe instanceof Trained trained
                && RecommenderTypes.defaults(trained.type())
                        .filter(config -> !(config instanceof NetworkConfig))
                        .isEmpty();
    }

    /** Returns whether all seeds give the same result, as for memory-based recommenders. */
    public boolean isDeterministic() {
        return switch (recipe) {
            case Trained trained ->
                RecommenderTypes.defaults(trained.type())
                        .filter(MemoryBasedConfig.class::isInstance)
                        .isPresent();
            case Reused reused -> false;
            case Refitted refitted -> false;
            case Blended blended -> blended.parts().stream().allMatch(Method::isDeterministic);
        };
    }
}
