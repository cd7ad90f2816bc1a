package io.github.ttt4rec.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Starts a command-line program and runs its commands. */
public final class Program {
    private Program() {}

    /**
     * Prepares the JVM: standard output and error write UTF-8 in every locale, a failed write to standard output is noticed, and
     * the Vector API is loaded.
     */
    public static void prepare() {
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
        EnumConverter.register(commandLine);
        commandLine.parseArgs(args);
    }

    /** Runs {@code commandLine} on {@code args}, reports a failure by {@code failures}, and returns the exit code. */
    public static int execute(CommandLine commandLine, Failures failures, String... args) {
        EnumConverter.register(commandLine);
        commandLine.setExecutionExceptionHandler(failures);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionStrategy(parsed -> {
            try {
                return new CommandLine.RunLast().execute(parsed);
            } catch (
                    StandardOutput.UnwritableException
                            e) { // Printing the help can throw this; none of picocli's handlers sees it.
                return failures.report(e, commandLine);
            }
        });
        int exitCode;
        try {
            exitCode = commandLine.execute(args);
            commandLine.getOut().flush();
        } catch (RuntimeException | Error e) {
            exitCode = failures.report(e, commandLine);
        }
        commandLine.getErr().flush();
        return exitCode;
    }
}
