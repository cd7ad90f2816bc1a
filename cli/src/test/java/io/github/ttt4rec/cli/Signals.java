package io.github.ttt4rec.cli;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Sends signals to processes. */
public final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private Signals() {}

    /** Skips a test on a system without signals. */
    public static void require() {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "no signals to send");
    }

    /**
     * Sends a signal. Skips the test if the process ignores it because the build does: {@code nohup} ignores HUP, and a
     * shell without job control starts jobs in the background that ignore INT.
     */
    public static void send(String signal, Process process) throws IOException, InterruptedException {
        if (isIgnored(NUMBERS.get(signal), process)) {
            process.destroyForcibly();
            abort("the build was started with SIG" + signal + " ignored");
        }
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static boolean isIgnored(int number, Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (number - 1) & 1) != 0);
        }
    }
}
