package io.github.ttt4rec.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a list. Null stands for the server's default.
 *
 * @param k the number of items
 * @param filter an expression such as {@code price < 30}
 * @param scenario the name of a scenario
 * @param excludeSeen whether to leave out items that the user had
 * @param diversity how strongly to diversify the list, from 0 to 1
 * @param only the only items to recommend
 * @param exclude items to leave out
 * @param explain whether items have the terms of their scores
 */
public record ListOptions(
        @Nullable Integer k,
        @Nullable String filter,
        @Nullable String scenario,
        @Nullable Boolean excludeSeen,
        @Nullable Double diversity,
        @Nullable List<String> only,
        @Nullable List<String> exclude,
        @Nullable Boolean explain) {
    /** The server's default for every option. */
    public static final ListOptions DEFAULTS = new ListOptions(null, null, null, null, null, null, null, null);

    /** Copies the lists. */
    public ListOptions {
        only = only == null ? null : List.copyOf(only);
        exclude = exclude == null ? null : List.copyOf(exclude);
    }

    /** Options for a list of {@code k} items. */
    public static ListOptions of(int k) {
        return new ListOptions(k, null, null, null, null, null, null, null);
    }

    /** Returns these options with a filter. */
    public ListOptions where(String expression) {
        return new ListOptions(k, expression, scenario, excludeSeen, diversity, only, exclude, explain);
    }

    /** Returns these options with a scenario, whose rules apply to the list. */
    public ListOptions in(String name) {
        return new ListOptions(k, filter, name, excludeSeen, diversity, only, exclude, explain);
    }

    /** Returns these options, leaving out items that the user had. */
    public ListOptions unseen() {
        return new ListOptions(k, filter, scenario, true, diversity, only, exclude, explain);
    }

    /** Returns these options with a strength of diversity, from 0 to 1. */
    public ListOptions diverse(double strength) {
        return new ListOptions(k, filter, scenario, excludeSeen, strength, only, exclude, explain);
    }

    /** Returns these options for a list of some items alone; for users and histories. */
    public ListOptions among(List<String> items) {
        return new ListOptions(k, filter, scenario, excludeSeen, diversity, items, exclude, explain);
    }

    /** Returns these options, leaving out some items; for users and histories. */
    public ListOptions without(List<String> items) {
        return new ListOptions(k, filter, scenario, excludeSeen, diversity, only, items, explain);
    }

    /** Returns these options for items with the terms of their scores, if the model's scores have terms. */
    public ListOptions explained() {
        return new ListOptions(k, filter, scenario, excludeSeen, diversity, only, exclude, true);
    }

    /** Returns the options that are given, under the server's names. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        put(members, "k", k);
        put(members, "filter", filter);
        put(members, "scenario", scenario);
        put(members, "exclude_seen", excludeSeen);
        put(members, "diversity", diversity);
        put(members, "only", only);
        put(members, "exclude", exclude);
        put(members, "explain", explain);
        return members;
    }

    static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
