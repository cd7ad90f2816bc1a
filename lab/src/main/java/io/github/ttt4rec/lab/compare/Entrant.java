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
 * Something that takes part in a comparison.
 *
 * @param name by which it is chosen, and its runs' directories are called
 * @param description one line for people
 * @param groups names that choose it together with others
 * @param method how it comes to be
 */
public record Entrant(String name, String description, Set<String> groups, Method method) {

    /** How a recommender comes to be. */
    public sealed interface Method {}

    /**
     * A recommender, fitted.
     *
     * @param type of model
     * @param file whose sections {@code model} and {@code train} it takes; null for none
     * @param settings {@code key=value}, over the file and over what the user sets for all
     */
    public record Trained(String type, @Nullable Path file, List<String> settings) implements Method {}

    /**
     * The weights of another entrant, used in another way.
     *
     * @param trained whose weights
     * @param settings {@code key=value} in use
     * @param policy what it reads of a history
     */
    public record Reused(Entrant trained, List<String> settings, HistoryPolicy policy) implements Method {}

    /** The history policy it is tested under. */
    HistoryPolicy policy() {
        return method instanceof Reused reused ? reused.policy() : HistoryPolicy.WINDOW;
    }

    /** Returns whether it is a network alone, whose weights can be read under another policy. */
    boolean isNetwork() {
        return method instanceof Trained trained
                && RecommenderTypes.defaults(trained.type())
                        .filter(config -> !(config instanceof NetworkConfig))
                        .isEmpty();
    }

    /** Returns whether all seeds give the same, as for memory-based recommenders. */
    public boolean isDeterministic() {
        return method instanceof Trained trained
                && RecommenderTypes.defaults(trained.type())
                        .filter(MemoryBasedConfig.class::isInstance)
                        .isPresent();
    }
}
