package io.github.ttt4rec.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.terminal.option.StackTraceOption;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

class ProgramTest {
    /** A program that logs two records. */
    static final class Logging {
        private Logging() {}

        public static void main(String[] args) {
            Program.prepare();
            System.Logger logger = System.getLogger("a.b.Server");
            logger.log(System.Logger.Level.WARNING, "the disk is slow");
            logger.log(System.Logger.Level.ERROR, "the disk is full");
        }
    }

    @Command(name = "print")
    static final class Printing implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        /** The command itself notices that its output cannot be written. */
        @Option(names = "--flush")
        private boolean flush;

        @Override
        public Integer call() {
            spec.commandLine().getOut().println("a result");
            if (flush) {
                spec.commandLine().getOut().flush();
            }
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--flush"})
    void fullDiskUnderStandardOutputIsReportedOnce(String option) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        StringWriter err = new StringWriter();
        CommandLine commandLine = new CommandLine(new Printing())
                .setOut(new PrintWriter(new StandardOutput(full), false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true));
        Failures failures = new Failures(new StackTraceOption());
        assertThat(Program.execute(commandLine, failures, option.isEmpty() ? new String[0] : new String[] {option}))
                .isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("ttt4rec: cannot write to standard output: No space left on device");
    }

    @Test
    void logRecordTakesOneLine() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:disable",
                        "-Duser.language=en",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Logging.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d{4}";
        assertThat(printed.lines().filter(line -> !line.contains("incubator")))
                .satisfiesExactly(
                        line -> assertThat(line).matches(time + " WARNING a\\.b\\.Server: the disk is slow"),
                        line -> assertThat(line).matches(time + " SEVERE a\\.b\\.Server: the disk is full"));
    }
}
