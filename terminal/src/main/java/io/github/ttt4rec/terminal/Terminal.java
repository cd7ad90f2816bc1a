package io.github.ttt4rec.terminal;

import java.util.Map;

/**
 * Tells which standard streams are terminals.
 *
 * @param output whether standard output is a terminal
 * @param error whether standard error is a terminal
 * @param colour whether standard output may be coloured: it is a terminal, {@code TERM} is not {@code dumb}, and
 *     {@code NO_COLOR} is not set
 */
public record Terminal(boolean output, boolean error, boolean colour) {
    /**
     * The system property in which the launcher says which of the streams 1 and 2 are terminals; Java cannot tell them
     * apart.
     */
    private static final String PROPERTY = "ttt4rec.terminal";

    /** Describes this process. If it was started without the launcher, no stream counts as a terminal. */
    public static Terminal detect() {
        return detect(System.getProperty(PROPERTY, ""), System.getenv());
    }

    public static Terminal detect(String streams, Map<String, String> environment) {
        boolean output = streams.contains("1");
        boolean error = streams.contains("2");
        boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(output, error, output && !noColour);
    }
}
