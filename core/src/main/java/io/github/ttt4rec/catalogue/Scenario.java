package io.github.ttt4rec.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules and defaults for recommendations at one place of a shop, such as the page of an item.
 *
 * @param name its name
 * @param k the number of items, if the request does not set it; null for the server's default
 * @param excludeSeen whether to leave out items of the history, if the request does not say; null for the server's
 *     default
 * @param diversity how strongly to avoid similar items, from 0 to 1, if the request does not say; null for not at all
 * @param impressions the treatment of items that the user was shown and did not take; null to treat them like others
 * @param rules the rules
 */
public record Scenario(
        String name,
        @Nullable Integer k,
        @Nullable Boolean excludeSeen,
        @Nullable Double diversity,
        @Nullable Impressions impressions,
        List<Rule> rules) {
    /** The name of the scenario for requests that name none. */
    public static final String DEFAULT = "default";

    /**
     * The treatment of items that a user was shown and did not take.
     *
     * @param fade the amount by which each impression lowers the log-probability of the item; it decays with
     *     {@code halfLifeDays}
     * @param halfLifeDays the half-life in days, above 0
     * @param cap the number of impressions after which an item is left out; 0 for no limit
     * @param capDays the number of days without an impression after which it may appear again
     */
    public record Impressions(double fade, double halfLifeDays, int cap, double capDays) {}

    /** Copies the list of rules. */
    public Scenario {
        rules = List.copyOf(rules);
    }

    /** The rules of one kind, in order. */
    public <R extends Rule> List<R> rules(Class<R> kind) {
        return rules.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
