package io.github.ttt4rec.terminal;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.terminal.option.StackTraceOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reports a failed command: one line on standard error and an exit code, 1 for a failure and 2 for wrong usage. All
 * reports of failures go through this class.
 */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** The exit code that a shell reports for a program that wrote to a closed pipe: 128 + SIGPIPE. */
    public static final int BROKEN_PIPE = 141;

    private final StackTraceOption stackTrace;
    private final Function<Throwable, Optional<String>> known;

    /** Creates a reporter that shows stack traces if {@code stackTrace} returns true. */
    public Failures(StackTraceOption stackTrace) {
        this(stackTrace, failure -> Optional.empty());
    }

    /**
     * Creates a reporter that also knows the failures of a library that only one program uses.
     *
     * @param stackTrace returns whether to show stack traces
     * @param known returns the line for a failure of that library; empty for every other failure
     */
    public Failures(StackTraceOption stackTrace, Function<Throwable, Optional<String>> known) {
        this.stackTrace = stackTrace;
        this.known = known;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult parsed) {
        return report(exception, commandLine);
    }

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine commandLine = exception.getCommandLine();
        print(
                exception,
                wrongUsage(exception, args) + " (see '"
                        + commandLine.getCommandSpec().qualifiedName() + " --help')",
                commandLine);
        return ExitCode.USAGE;
    }

    /** Reports {@code thrown} on {@code commandLine}'s standard error and returns the exit code. */
    public int report(Throwable thrown, CommandLine commandLine) {
        Throwable failure = unwrap(thrown);
        if (failure instanceof StandardOutput.UnwritableException unwritable && unwritable.readerIsGone()) {
            return BROKEN_PIPE;
        }
        print(thrown, known.apply(failure).orElseGet(() -> line(failure)), commandLine);
        return ExitCode.SOFTWARE;
    }

    private static String line(Throwable failure) {
        return switch (failure) {
            case UserFacingException mistake -> requireNonNullElse(mistake.getMessage(), "failed");
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

    /** Unwraps the exceptions that parallel and lambda code put around the failure. */
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

    private static String wrongUsage(ParameterException exception, String[] args) {
        CommandLine commandLine = exception.getCommandLine();
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            return unmatched.isUnknownOption()
                    ? unknownOption(first, commandLine)
                    : "unexpected argument '" + first + "'"
                            + suggested(unmatched.getSuggestions().stream().findFirst());
        }
        if (exception instanceof MissingParameterException) {
            // A mistyped option is often the one that is missing.
            Set<String> known = commandLine.getCommandSpec().optionsMap().keySet();
            for (String word : args) {
                if (word.startsWith("--") && word.length() > 2 && !known.contains(word.replaceFirst("=.*", ""))) {
                    return unknownOption(word, commandLine);
                }
            }
        }
        return requireNonNullElse(exception.getMessage(), "wrong usage");
    }

    private static String unknownOption(String word, CommandLine commandLine) {
        Set<String> known = commandLine.getCommandSpec().optionsMap().keySet();
        return "unknown option '" + word + "'" + suggested(Nearest.of(word.replaceFirst("=.*", ""), known));
    }

    private static String suggested(Optional<String> name) {
        return name.map(near -> ", did you mean '" + near + "'?").orElse("");
    }

    private void print(Throwable thrown, String message, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        err.println("ttt4rec: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (stackTrace.given()) {
            thrown.printStackTrace(err);
        }
        err.flush();
    }
}
