package io.github.ttt4rec.client;

import java.util.LinkedHashMap;
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
 */
public record ListOptions(
        @Nullable Integer k,
        @Nullable String filter,
        @Nullable String scenario,
        @Nullable Boolean excludeSeen,
        @Nullable Double diversity) {
    /** The server's default for every option. */
    public static final ListOptions DEFAULTS = new ListOptions(null, null, null, null, null);

    /** Options for a list of {@code k} items. */
    public static ListOptions of(int k) {
        return new ListOptions(k, null, null, null, null);
    }

    /** Returns these options with a filter. */
    public ListOptions where(String expression) {
        return new ListOptions(k, expression, scenario, excludeSeen, diversity);
    }

    /** Returns these options with a scenario, whose rules apply to the list. */
    public ListOptions in(String name) {
        return new ListOptions(k, filter, name, excludeSeen, diversity);
    }

    /** Returns these options, leaving out items that the user had. */
    public ListOptions unseen() {
        return new ListOptions(k, filter, scenario, true, diversity);
    }

    /** Returns the options that are given, under the server's names. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        put(members, "k", k);
        put(members, "filter", filter);
        put(members, "scenario", scenario);
        put(members, "exclude_seen", excludeSeen);
        put(members, "diversity", diversity);
        return members;
    }

    static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
