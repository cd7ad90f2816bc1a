package io.github.ttt4rec.serve.store;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list that a user was shown.
 *
 * @param user the user
 * @param items the items in the order of the list, the one at place 1 first
 * @param scenario the place in the shop where the list was shown
 * @param list the id of the list, which counts once for each user and item; null if it has none
 * @param timeMicros the time at which it was shown, in epoch microseconds
 */
public record Impression(
        String user,
        List<String> items,
        String scenario,
        @Nullable String list,
        long timeMicros) {
    private static final Pattern SCENARIO = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Copies {@code items}. */
    public Impression {
        items = List.copyOf(items);
    }

    /** Returns whether a text is a valid name of a scenario: 1 to 64 letters, digits, _ and -. */
    public static boolean isScenario(String name) {
        return SCENARIO.matcher(name).matches();
    }
}
