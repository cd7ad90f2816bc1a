package io.github.ttt4rec.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules and defaults for the lists at one place of a shop, such as the page of an item.
 *
 * @param name its name
 * @param k the number of items of a list, if the request does not say; null for the server's default
 * @param excludeSeen whether to leave out what is in the history, if the request does not say; null for the server's default
 * @param diversity how much lists avoid items like one another, from 0 to 1, if the request does not say; null for not at all
 * @param rules the rules
 */
public record Scenario(
        String name,
        @Nullable Integer k,
        @Nullable Boolean excludeSeen,
        @Nullable Double diversity,
        List<Rule> rules) {
    /** The scenario that holds for requests that name none. */
    public static final String DEFAULT = "default";

    /** Copies the rules. */
    public Scenario {
        rules = List.copyOf(rules);
    }

    /** The rules of one kind, in order. */
    public <R extends Rule> List<R> rules(Class<R> kind) {
        return rules.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
