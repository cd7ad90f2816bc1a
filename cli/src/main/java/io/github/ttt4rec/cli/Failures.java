package io.github.ttt4rec.cli;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command early into one line on standard error and an exit code: the only place that does so. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** What a shell reports for a program that wrote to a closed pipe: 128 + SIGPIPE. */
    static final int BROKEN_PIPE = 141;

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult parsed) {
        return report(exception, commandLine);
    }

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine commandLine = exception.getCommandLine();
        print(
                exception,
                wrongUsage(exception) + " (see '" + commandLine.getCommandSpec().qualifiedName() + " --help')",
                commandLine);
        return ExitCode.USAGE;
    }

    /** Reports {@code thrown} on {@code commandLine}'s standard error and returns the exit code. */
    static int report(Throwable thrown, CommandLine commandLine) {
        Throwable failure = unwrap(thrown);
        if (failure instanceof StandardOutput.UnwritableException unwritable && unwritable.readerIsGone()) {
            return BROKEN_PIPE;
        }
        print(thrown, line(failure), commandLine);
        return ExitCode.SOFTWARE;
    }

    private static String line(Throwable failure) {
        return switch (failure) {
            case UserFacingException mistake -> requireNonNullElse(mistake.getMessage(), "failed");
            case StoreException problem -> requireNonNullElse(problem.getMessage(), "the event store failed");
            case StandardOutput.UnwritableException unwritable ->
                "cannot write to standard output: " + unwritable.getMessage();
            case IOException problem ->
                "input or output failed: " + problem.getClass().getSimpleName() + ": " + problem.getMessage();
            case OutOfMemoryError exhausted ->
                "out of memory (" + exhausted.getMessage() + ") with a heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB: give more, such as TTT4REC_JAVA_OPTS=-Xmx8g";
            default -> "this is a bug in ttt4rec: " + failure + " (please report it, with what --stacktrace adds)";
        };
    }

    /** Parallel and lambda code wraps what it throws; the user is told of what lies inside. */
    private static Throwable unwrap(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof ExecutionException
                        || inner instanceof CompletionException
                        || inner instanceof UncheckedIOException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static String wrongUsage(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            List<String> arguments = unmatched.getUnmatched();
            List<String> suggestions = unmatched.getSuggestions();
            String unknown = unmatched.isUnknownOption() ? "unknown option " : "unexpected argument ";
            return unknown + "'" + arguments.getFirst() + "'"
                    + (suggestions.isEmpty() ? "" : ", did you mean '" + suggestions.getFirst() + "'?");
        }
        return requireNonNullElse(exception.getMessage(), "wrong usage");
    }

    private static void print(Throwable thrown, String message, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        err.println("ttt4rec: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (Main.wantsStackTrace(commandLine)) {
            thrown.printStackTrace(err);
        }
        err.flush();
    }
}
