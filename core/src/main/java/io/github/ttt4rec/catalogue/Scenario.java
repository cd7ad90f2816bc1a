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
 * @param impressions how items count that a user was shown and did not take; null for as all others
 * @param rules the rules
 */
public record Scenario(
        String name,
        @Nullable Integer k,
        @Nullable Boolean excludeSeen,
        @Nullable Double diversity,
        @Nullable Impressions impressions,
        List<Rule> rules) {
    /** The scenario that holds for requests that name none. */
    public static final String DEFAULT = "default";

    /**
     * How items count that a user was shown and did not take.
     *
     * @param fade the logarithm by which each time lowers the item's probability; it halves with {@code halfLifeDays}
     * @param halfLifeDays days, above 0
     * @param cap an item that was shown so often is left out; 0 for no such limit
     * @param capDays until it has not been shown for so many days
     */
    public record Impressions(double fade, double halfLifeDays, int cap, double capDays) {}

    /** Copies the rules. */
    public Scenario {
        rules = List.copyOf(rules);
    }

    /** The rules of one kind, in order. */
    public <R extends Rule> List<R> rules(Class<R> kind) {
        return rules.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
