package io.github.ttt4rec.benchmarks.chaos;

import java.io.IOException;

/** Programs of the system that cause faults. */
final class Commands {
    private Commands() {}

    /** Runs a program; returns whether it exists and ends with 0. */
    static boolean run(String... words) {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
