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
 * @param name by which it is chosen, and its runs' directories are called
 * @param description one line for people
 * @param groups names that choose it together with others
 * @param recipe how it is made
 */
public record Method(String name, String description, Set<String> groups, Recipe recipe) {

    /** The way a recommender is made. */
    public sealed interface Recipe {}

    /**
     * A recommender, fitted.
     *
     * @param type of model
     * @param file whose sections {@code model} and {@code train} it takes; null for none
     * @param settings {@code key=value}, over the file and over what the user sets for all
     */
    public record Trained(String type, @Nullable Path file, List<String> settings) implements Recipe {}

    /**
     * The weights of another method, used in another way.
     *
     * @param trained whose weights
     * @param settings {@code key=value} in use
     * @param policy what it reads of a history
     */
    public record Reused(Method trained, List<String> settings, HistoryPolicy policy) implements Recipe {}

    /**
     * The network of another method of two stages, with its second stage fitted again with other settings.
     *
     * @param trained whose network
     * @param settings {@code key=value} over its own
     */
    public record Refitted(Method trained, List<String> settings) implements Recipe {}

    /**
     * A blend of other methods' scores, with weights chosen on validation cases; see {@link Blend}.
     *
     * @param parts at least two different trained methods
     */
    public record Blended(List<Method> parts) implements Recipe {
        /** Copies the list. */
        public Blended {
            parts = List.copyOf(parts);
        }
    }

    /** The history policy it is tested under. */
    HistoryPolicy policy() {
        return recipe instanceof Reused reused ? reused.policy() : HistoryPolicy.WINDOW;
    }

    /** Returns whether it is a network alone, whose weights can be read under another policy. */
    boolean isNetwork() {
        return recipe instanceof Trained trained
                && RecommenderTypes.defaults(trained.type())
                        .filter(config -> !(config instanceof NetworkConfig))
                        .isEmpty();
    }

    /** Returns whether all seeds give the same, as for memory-based recommenders. */
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
