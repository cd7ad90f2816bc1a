package io.github.ttt4rec.terminal;

import io.github.ttt4rec.UserFacingException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Starts a command-line program and runs its commands. */
public final class Program {
    /** The property that {@link java.util.logging.SimpleFormatter} reads once, when it is loaded. */
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    /** Time, level, logger and message on one line; a stack trace, if any, follows on its own lines. */
    private static final String ONE_LINE = "%1$tFT%1$tT%1$tz %4$s %3$s: %5$s%6$s%n";

    private Program() {}

    /**
     * Prepares the JVM: standard output and error write UTF-8 in every locale, a failed write to standard output is noticed, log
     * records take one line unless the user has set another format, and the Vector API is loaded.
     */
    public static void prepare() {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, ONE_LINE);
        }
        System.setOut(new PrintStream(new StandardOutput(), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        VectorModule.load();
    }

    /**
     * Parses {@code args} as {@link #execute} does, but runs nothing.
     *
     * @throws CommandLine.ParameterException if they are wrong
     */
    public static void parse(CommandLine commandLine, String... args) {
        Converters.register(commandLine);
        commandLine.parseArgs(args);
    }

    /** Runs {@code commandLine} on {@code args}, reports a failure by {@code failures}, and returns the exit code. */
    public static int execute(CommandLine commandLine, Failures failures, String... args) {
        Converters.register(commandLine);
        commandLine.setExecutionExceptionHandler(failures);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionStrategy(parsed -> {
            try {
                OutputFiles.check(parsed);
                return new CommandLine.RunLast().execute(parsed);
            } catch (StandardOutput.UnwritableException | UserFacingException e) {
                // The check and the printing of the help throw these; none of picocli's handlers sees them.
                return failures.report(e, commandLine);
            }
        });
        int exitCode;
        try {
            exitCode = commandLine.execute(args);
        } catch (RuntimeException | Error e) {
            exitCode = failures.report(e, commandLine);
        }
        try {
            commandLine.getOut().flush();
        } catch (StandardOutput.UnwritableException e) {
            // A command that failed has reported this output already, or a failure of its own.
            exitCode = exitCode == CommandLine.ExitCode.OK ? failures.report(e, commandLine) : exitCode;
        }
        commandLine.getErr().flush();
        return exitCode;
    }
}
