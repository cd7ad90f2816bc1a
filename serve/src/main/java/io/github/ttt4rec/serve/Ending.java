package io.github.ttt4rec.serve;

/**
 * Ends a process that cannot continue, so that its supervisor starts a new one. A server should either work or be down.
 */
@FunctionalInterface
public interface Ending {
    /** The exit code of a server that ends itself, and of the JVM's {@code -XX:+ExitOnOutOfMemoryError}. */
    int EXIT_CODE = 3;

    /** Ends the process at once after reporting {@code reason}, one line. */
    void end(String reason);

    /** Prints the reason to standard error and halts without shutdown hooks, which might hang for the same reason. */
    static Ending halt() {
        return reason -> {
            try {
                System.err.println(
                        "ttt4rec: this server cannot continue and exits with code " + EXIT_CODE + ": " + reason);
                System.err.flush();
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        };
    }
}
