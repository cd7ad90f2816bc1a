package io.github.ttt4rec.serve;

/** Ends a process that cannot go on, so that its supervisor starts another: a server is either well or gone. */
@FunctionalInterface
public interface Ending {
    /** The exit code of a server that ended itself; also that of the JVM's {@code -XX:+ExitOnOutOfMemoryError}. */
    int EXIT_CODE = 3;

    /** Ends the process at once, with its last words; {@code reason} is one line. */
    void end(String reason);

    /** Prints the reason to standard error and halts: shutdown hooks may hang for the same reason. */
    static Ending halt() {
        return reason -> {
            try {
                System.err.println("ttt4rec: this server cannot go on and ends itself with exit code " + EXIT_CODE
                        + ": " + reason);
                System.err.flush();
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        };
    }
}
