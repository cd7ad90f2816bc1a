package io.github.ttt4rec.serve.store;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts other JVMs with the class path of this one. */
public final class ChildProcess {
    private ChildProcess() {}

    /**
     * Starts a main class.
     *
     * @param directory the directory for the native library, which killed processes leave behind, and for standard
     *     error, in {@code errors.txt}
     */
    public static Process start(Path directory, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:disable",
                "-Dorg.sqlite.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        File errors = directory.resolve("errors.txt").toFile();
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors))
                .start();
    }

    /** Runs a main class to its end and returns its output. */
    static String run(Path directory, Class<?> main, String... arguments) throws IOException, InterruptedException {
        Process process = start(directory, main, arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }
}
