package io.github.ttt4rec.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the standard streams lead to.
 *
 * @param output whether standard output is a terminal
 * @param error whether standard error is a terminal
 * @param colour whether standard output may be coloured: a terminal, and neither {@code NO_COLOR} nor a dumb one
 */
record Terminal(boolean output, boolean error, boolean colour) {
    /** Where the launcher says which of the streams 1 and 2 are terminals: Java itself cannot tell them apart. */
    private static final String PROPERTY = "ttt4rec.terminal";

    /** Looks at this process. */
    static Terminal detect() {
        return detect(System.getProperty(PROPERTY), System.getenv());
    }

    static Terminal detect(@Nullable String streams, Map<String, String> environment) {
        boolean output;
        boolean error;
        if (streams == null) {
            // Started without the launcher: a console is there where standard input and output are terminals.
            output = System.console() != null && System.console().isTerminal();
            error = output;
        } else {
            output = streams.contains("1");
            error = streams.contains("2");
        }
        boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(output, error, output && !noColour);
    }
}
