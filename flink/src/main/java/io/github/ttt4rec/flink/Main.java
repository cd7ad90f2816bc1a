package io.github.ttt4rec.flink;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.Version;
import io.github.ttt4rec.console.VectorModule;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.ExceptionUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The program with Flink in it: {@code stream ...}. Started by {@code ./ttt4rec stream}, or by {@code flink run}, where it may
 * not end the JVM, which is Flink's: failures are thrown there.
 */
@Command(
        name = "ttt4rec",
        subcommands = {StreamCommand.class, CommandLine.HelpCommand.class})
public final class Main {
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On failure, also show the Java stack trace. TTT4REC_DEBUG=1 does the same.")
    private boolean stackTrace = "1".equals(System.getenv("TTT4REC_DEBUG"));

    /** For picocli. */
    public Main() {}

    /** Runs the command that {@code args} give. */
    public static void main(String[] args) {
        boolean launched = System.getProperty("ttt4rec.home") != null;
        if (launched) {
            System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
            VectorModule.load();
        }
        int exitCode = execute(args);
        if (launched) {
            System.exit(exitCode);
        }
        if (exitCode != 0) {
            throw new IllegalStateException("not started, see above");
        }
    }

    /** Runs the command and returns the exit code; what went wrong has been told then. */
    static int execute(String... args) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            tell(exception, message(exception), command, main.stackTrace);
            return CommandLine.ExitCode.SOFTWARE;
        });
        commandLine.setParameterExceptionHandler((exception, given) -> {
            CommandLine command = exception.getCommandLine();
            String help = " (see 'ttt4rec stream --help')";
            tell(exception, usage(exception) + help, command, main.stackTrace);
            return CommandLine.ExitCode.USAGE;
        });
        commandLine
                .getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(() -> new String[] {
                    "ttt4rec " + Version.current(), "Apache Flink " + EnvironmentInformation.getVersion()
                }));
        return commandLine.execute(args);
    }

    private static String usage(ParameterException exception) {
        if (exception instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String unknown = unmatched.isUnknownOption() ? "unknown option '" : "unexpected argument '";
            return unknown + unmatched.getUnmatched().getFirst() + "'"
                    + (unmatched.getSuggestions().isEmpty()
                            ? ""
                            : ", did you mean '" + unmatched.getSuggestions().getFirst() + "'?");
        }
        return requireNonNullElse(exception.getMessage(), "wrong usage");
    }

    /** Flink wraps what operators throw, and may have sent it from another machine. */
    private static String message(Throwable thrown) {
        ClassLoader loader = Main.class.getClassLoader();
        Optional<UserFacingException> mistake =
                ExceptionUtils.findSerializedThrowable(thrown, UserFacingException.class, loader);
        if (mistake.isPresent()) {
            return requireNonNullElse(mistake.get().getMessage(), "failed");
        }
        Throwable root = ExceptionUtils.stripExecutionException(thrown);
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "the job failed: " + root + " (--stacktrace shows more)";
    }

    private static void tell(Throwable thrown, String message, CommandLine commandLine, boolean stackTrace) {
        commandLine.getErr().println("ttt4rec: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (stackTrace) {
            thrown.printStackTrace(commandLine.getErr());
        }
        commandLine.getErr().flush();
    }
}
