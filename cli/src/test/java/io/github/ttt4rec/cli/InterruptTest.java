package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.terminal.Text;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends Ctrl-C and SIGTERM to a process that trains. */
class InterruptTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void interruptedTrainingPrintsACommandThatResumesToTheSameModel(String signal, int exitCode)
            throws IOException, InterruptedException {
        Signals.require();
        Path log = Run.log(directory, "some events.csv", 150);
        Path whole = directory.resolve("whole");
        Run.train(log, whole, "--set", "epochs=40", "--set", "patience=40", "--no-test")
                .done();

        Path model = directory.resolve("stopped");
        Process process = startWaiting(
                "epoch ", Run.trainArguments(log, model, "--set", "epochs=40", "--set", "patience=40", "--no-test"));
        StringBuilder out = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            boolean sent = false;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                out.append(line).append('\n');
                if (!sent && line.startsWith("    1 ")) {
                    sent = true;
                    Signals.send(signal, process);
                }
            }
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String err = new String(Run.bytes(directory.resolve("err")), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as("%s%n%s", out, err).isEqualTo(exitCode);
        assertThat(err).contains("stopping after this step");
        assertThat(model.resolve("checkpoint.safetensors")).exists();
        assertThat(model.resolve("model.safetensors")).doesNotExist();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(lines.size() - 2)).contains("Stopped in epoch", "To continue:");
        String resume = lines.getLast().strip();
        assertThat(resume)
                .startsWith("ttt4rec train --data '" + log + "'")
                .contains("--threads 2")
                .endsWith("--resume");

        Run.of(words(resume)).done();
        assertThat(Run.bytes(model.resolve("model.safetensors")))
                .isEqualTo(Run.bytes(whole.resolve("model.safetensors")));
        assertThat(model.resolve("checkpoint.safetensors")).doesNotExist();
    }

    @Test
    void interruptedRefitResumesToTheSameModel() throws IOException, InterruptedException {
        Signals.require();
        Path log = Run.log(directory, "events.csv", 150);
        Path whole = directory.resolve("whole");
        Path model = directory.resolve("stopped");
        Run.of(refit(log, whole).toArray(String[]::new)).done();
        Process process = startWaiting("Fitting on all", refit(log, model));
        StringBuilder out = new StringBuilder();
        try (BufferedReader reader = process.inputReader()) {
            boolean fitting = false;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                out.append(line).append('\n');
                fitting |= line.startsWith("Fitting on all");
                if (fitting && line.startsWith("    1 ")) {
                    fitting = false;
                    Signals.send("INT", process);
                }
            }
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s", out).isEqualTo(130);
        assertThat(model.resolve("refit.safetensors")).exists();
        assertThat(out).contains("To continue:");
        List<String> resume = new ArrayList<>(refit(log, model));
        resume.add("--resume");
        assertThat(Run.of(resume.toArray(String[]::new)).done().out()).contains("Already tested", "refit.safetensors");
        assertThat(Run.bytes(model.resolve("model.safetensors")))
                .isEqualTo(Run.bytes(whole.resolve("model.safetensors")));
        assertThat(model.resolve("refit.safetensors")).doesNotExist();
        assertThat(model.resolve("checkpoint.safetensors")).doesNotExist();
    }

    private static List<String> refit(Path log, Path model) {
        List<String> arguments =
                new ArrayList<>(Run.trainArguments(log, model, "--set", "epochs=40", "--set", "patience=40"));
        arguments.remove("--no-refit");
        return arguments;
    }

    /** Starts the command line in a process of its own. */
    private Process start(List<String> arguments) throws IOException {
        return process(Run.command(arguments));
    }

    /** Starts {@link InterruptedChild}, which waits for the signal after the first epoch that follows this line. */
    private Process startWaiting(String line, List<String> arguments) throws IOException {
        List<String> command = Run.command(List.of());
        command.set(command.indexOf(Main.class.getName()), InterruptedChild.class.getName());
        command.add(line);
        command.addAll(arguments);
        return process(command);
    }

    private Process process(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    @Test
    void runningCompareLocksItsDirectoryUntilItIsKilled() throws IOException, InterruptedException {
        Path log = Run.log(directory, "events.csv", 150);
        Path out = directory.resolve("lab");
        List<String> arguments = new ArrayList<>(
                List.of("compare", "--data", log.toString(), "--out", out.toString(), "--models", "ttt-linear"));
        arguments.addAll(Run.SMALL.subList(0, Run.SMALL.size() - 2));
        arguments.addAll(List.of("--set", "patience=1000000", "--set", "epochs="));
        Process process = start(withEpochs(arguments, 1_000_000));
        try (BufferedReader reader = process.inputReader()) {
            String line;
            do {
                line = reader.readLine();
                assertThat(line)
                        .as("the end of a process that should be at work")
                        .isNotNull();
            } while (!line.startsWith("  epoch "));
            Run.of(withEpochs(arguments, 1_000_000).toArray(String[]::new))
                    .failedSaying("another comparison is at work in this directory");
            process.destroyForcibly();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Run.of(withEpochs(arguments, 2).toArray(String[]::new)).failedSaying("train.epochs was 1000000, is now 2");
    }

    private static List<String> withEpochs(List<String> arguments, int epochs) {
        List<String> all = new ArrayList<>(arguments);
        all.add(all.removeLast() + epochs);
        return all;
    }

    @Test
    void resumeCommandIsQuotedForAShell() throws IOException, InterruptedException {
        for (String argument : List.of("plain", "two words", "it's", "$HOME", "", "a\"b", "x;y", "*")) {
            Process shell = new ProcessBuilder("sh", "-c", "printf %s " + Text.shellWord(argument)).start();
            assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(argument);
            assertThat(shell.waitFor()).isZero();
        }
    }

    /** Splits a printed command into arguments as a shell would, if quotes only protect spaces. */
    private static String[] words(String command) {
        List<String> result = new ArrayList<>();
        String[] pieces = command.split("'", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i % 2 == 1) {
                result.add(pieces[i]);
            } else {
                Collections.addAll(result, pieces[i].strip().split(" +", -1));
            }
        }
        return result.subList(1, result.size()).toArray(String[]::new);
    }
}
