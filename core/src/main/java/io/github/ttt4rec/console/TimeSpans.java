package io.github.ttt4rec.console;

import java.time.Duration;

/** Lengths of time as people give them. */
public final class TimeSpans {
    private TimeSpans() {}

    /**
     * A length of time such as {@code 90d}, {@code 36h}, {@code 10m} or {@code 30s}; throws {@link IllegalArgumentException}, with
     * a message for the user, for anything else.
     */
    public static Duration parse(String text) {
        if (!text.matches("[0-9]{1,6}[smhd]")) {
            throw new IllegalArgumentException("'" + text + "' is not a length of time such as 30s, 10m, 36h or 90d");
        }
        return Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
    }
}
