package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import picocli.CommandLine;

/** Runs command lines and keeps their output and exit code; makes logs to run them on. */
public record Run(int exitCode, String out, String err) {
    private static final int ITEMS = 20;

    /** Options with which a model trains quickly on such a log. */
    public static final List<String> SMALL = List.of(
            "--split",
            "leave-one-out",
            "--min-user-events",
            "1",
            "--min-item-events",
            "1",
            "--threads",
            "2",
            "--set",
            "hidden_size=8",
            "--set",
            "num_heads=2",
            "--set",
            "intermediate_size=16",
            "--set",
            "max_len=8",
            "--set",
            "batch_size=64",
            "--set",
            "learning_rate=0.01",
            "--set",
            "layer=linear");

    /** Runs a command line in this process. */
    public static Run of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = Main.execute(commandLine, arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }

    /** Runs {@code train} with {@link #SMALL} and further options, without the fit on all events. */
    public static Run train(Path log, Path model, String... more) {
        return of(trainArguments(log, model, more).toArray(String[]::new));
    }

    /** Returns the arguments of {@link #train}. */
    public static List<String> trainArguments(Path log, Path model, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--data", log.toString(), "--out", model.toString(), "--no-refit"));
        arguments.addAll(SMALL);
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    /** Returns the command that runs the command line in a process of its own. */
    public static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** Asserts that the command succeeded. */
    public Run done() {
        assertThat(exitCode).as("%s%n%s", out, err).isZero();
        return this;
    }

    /** Asserts that the command failed with one line that contains all these parts. */
    public void failedSaying(String... parts) {
        assertThat(exitCode).as("%s%n%s", out, err).isEqualTo(1);
        oneLine(parts);
    }

    /** Asserts that the command reported wrong usage in one line that contains all these parts. */
    public void wrongUsageSaying(String... parts) {
        assertThat(exitCode).as("%s%n%s", out, err).isEqualTo(2);
        oneLine(parts);
    }

    private void oneLine(String... parts) {
        assertThat(err.lines())
                .singleElement()
                .asString()
                .startsWith("ttt4rec: ")
                .contains(parts);
        assertThat(err).doesNotContain("Exception", "bug");
    }

    /** Makes a log in which item i + 1 mostly follows item i; each user has 12 events. */
    public static Path log(Path directory, String name, int users) {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < users; user++) {
            int item = random.nextInt(ITEMS);
            for (int t = 0; t < 12; t++) {
                text.append("u" + user + ",i" + item + "," + (1_600_000_000 + 1000 * t + user) + "\n");
                item = random.nextInt(10) == 0 ? random.nextInt(ITEMS) : (item + 1) % ITEMS;
            }
        }
        return write(directory.resolve(name), text.toString());
    }

    public static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
