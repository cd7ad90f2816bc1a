package io.github.ttt4rec.benchmarks.option;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands of ttt4rec, each in a process of its own.
 *
 * @param launcher the words that start ttt4rec
 * @param log the file to which the commands' output is appended
 */
public record Program(List<String> launcher, Path log) {
    private static final long MAX_HOURS = 2;

    /** Starts a command. */
    public Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /**
     * Runs a command to its end and returns the last line of its output.
     *
     * @throws UserFacingException if it does not succeed
     */
    public String run(List<String> words) throws IOException, InterruptedException {
        Process process = start(words);
        if (!process.waitFor(MAX_HOURS, TimeUnit.HOURS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new UserFacingException(words.getFirst() + " did not succeed: see " + log);
        }
        return Files.readAllLines(log).stream().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
    }
}
