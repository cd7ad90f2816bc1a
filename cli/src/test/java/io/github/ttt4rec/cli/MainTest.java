package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.terminal.Failures;
import io.github.ttt4rec.terminal.StandardOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tests exit codes and messages of the command line, with an additional command that ends as each test requires. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpTeachesByExamplesAndNamesEveryCommand() {
        assertThat(run(() -> 0, "--help")).isZero();
        assertThat(out.toString())
                .contains("ttt4rec demo", "ttt4rec train     --data events.csv --out model", "Exit codes: 0 done")
                .contains(Main.commandLine().getSubcommands().keySet());
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyCommandHasHelpAndSaysWhatItDoes() {
        Main.commandLine().getSubcommands().forEach((name, command) -> {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
            assertThat(run(() -> 0, name, "--help")).as(name).isZero();
        });
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void misspeltOptionThatIsRequiredIsNamedRatherThanTheMissingOne() {
        assertThat(run(() -> 0, "serve", "--modell=m")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(line("unknown option '--modell=m', did you mean '--model'? (see 'ttt4rec serve --help')"));
    }

    @Test
    void streamSaysHowToStartIt() {
        assertThat(run(() -> 0, "stream", "--model", "m")).isEqualTo(1);
        assertThat(err.toString()).contains("start it by ./ttt4rec stream").hasLineCount(1);
    }

    @Test
    void versionNamesTtt4recItsKernelsAndJava() {
        assertThat(run(() -> 0, "--version")).isZero();
        assertThat(out.toString()).contains("ttt4rec ", "Kernels vector ", "Java    25");
    }

    @Test
    void commandsExitCodeIsTheProgrammes() {
        assertThat(run(() -> 1, "end")).isEqualTo(1);
        assertThat(run(() -> 0, "end", "--number", "3")).isEqualTo(3);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noCommandShowsHelpOnStandardError() {
        assertThat(run(() -> 0)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("Usage: ttt4rec").endsWith(line("no command given (see 'ttt4rec --help')"));
    }

    @Test
    void wrongUsageIsOneLineWithAHint() {
        assertThat(run(() -> 0, "end", "--nuber=3")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(line("unknown option '--nuber=3', did you mean '--number'? (see 'ttt4rec end --help')"));
    }

    @Test
    void unknownCommandIsWrongUsage() {
        assertThat(run(() -> 0, "ennd")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo(line("unexpected argument 'ennd', did you mean 'end'? (see 'ttt4rec --help')"));
    }

    @Test
    void valueThatDoesNotParseIsWrongUsage() {
        assertThat(run(() -> 0, "end", "--number", "many")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("--number", "many", "end --help");
    }

    @Test
    void userFacingFailureIsReportedInOneLine() {
        assertThat(run(() -> failWith(new UserFacingException("events.csv, line 3:\n  no time: add one")), "end"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo(line("events.csv, line 3: no time: add one"));
    }

    @Test
    void exceptionWrappedByParallelCodeIsShownUnwrapped() {
        assertThat(run(() -> failWith(new CompletionException(new UserFacingException("disk full"))), "end"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo(line("disk full"));
    }

    @Test
    void inputAndOutputFailuresAreNotCalledBugs() {
        assertThat(run(() -> failWith(new NoSuchFileException("model/config.yaml")), "end"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo(line("input or output failed: NoSuchFileException: model/config.yaml"));
    }

    @Test
    void unexpectedExceptionIsCalledABugInOneLine() {
        assertThat(run(() -> failWith(new IllegalStateException("index -1")), "end"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("bug", "IllegalStateException", "index -1");
    }

    @Test
    void errorsOfTheJvmAreReportedToo() {
        assertThat(run(
                        () -> {
                            throw new OutOfMemoryError("Java heap space");
                        },
                        "end"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("out of memory (Java heap space)", "TTT4REC_JAVA_OPTS");
    }

    @Test
    void stackTraceShowsTheTraceBeforeTheCommandAndAfterIt() {
        for (String[] args : new String[][] {{"--stacktrace", "end"}, {"end", "--stacktrace"}}) {
            err.getBuffer().setLength(0);
            assertThat(run(() -> failWith(new UserFacingException("no")), args)).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith(line("no") + UserFacingException.class.getName())
                    .contains("at " + MainTest.class.getName());
        }
    }

    @Test
    void readerThatHasGoneEndsTheCommandQuietly() {
        assertThat(run(() -> printTo(brokenOutput("Broken pipe")), "end")).isEqualTo(Failures.BROKEN_PIPE);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void fullDiskUnderStandardOutputIsReported() {
        assertThat(run(() -> printTo(brokenOutput("No space left on device")), "end"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo(line("cannot write to standard output: No space left on device"));
    }

    @Test
    void helpForAReaderThatHasGoneEndsQuietlyToo() {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(brokenOutput("Broken pipe"), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true));
        assertThat(Main.execute(commandLine, "--help")).isEqualTo(Failures.BROKEN_PIPE);
        assertThat(err.toString()).isEmpty();
    }

    private int run(Callable<Integer> body, String... args) {
        CommandLine commandLine = Main.commandLine();
        commandLine.addSubcommand(new EndCommand(body));
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return Main.execute(commandLine, args);
    }

    private static String line(String message) {
        return "ttt4rec: " + message + System.lineSeparator();
    }

    private static int failWith(Exception exception) throws Exception {
        throw exception;
    }

    private static int printTo(PrintStream broken) {
        broken.println("a result");
        throw new AssertionError("a write that failed went unnoticed");
    }

    /** A standard output that fails at every write with {@code problem}. */
    private static PrintStream brokenOutput(String problem) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(problem);
            }
        };
        return new PrintStream(new StandardOutput(broken), true, StandardCharsets.UTF_8);
    }

    @Command(name = "end", description = "The additional command.")
    private static final class EndCommand implements Callable<Integer> {
        private final Callable<Integer> body;

        @Option(names = "--number", description = "A number that it adds to the exit code.")
        private int number;

        EndCommand(Callable<Integer> body) {
            this.body = body;
        }

        @Override
        public Integer call() throws Exception {
            return body.call() + number;
        }
    }
}
