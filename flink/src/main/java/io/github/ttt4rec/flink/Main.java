package io.github.ttt4rec.flink;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.terminal.Failures;
import io.github.ttt4rec.terminal.Program;
import io.github.ttt4rec.terminal.option.StackTraceOption;
import java.util.Optional;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program that contains Flink: {@code stream ...}. {@code ./ttt4rec stream} or {@code flink run} starts it. Under
 * {@code flink run} the JVM belongs to Flink, so the program must not end it and throws failures instead.
 */
@Command(
        name = "ttt4rec",
        subcommands = {StreamCommand.class, CommandLine.HelpCommand.class})
public final class Main {
    @Mixin
    private final StackTraceOption stackTrace = new StackTraceOption();

    /** Runs the command in {@code args}. */
    public static void main(String[] args) {
        boolean launched = System.getProperty("ttt4rec.home") != null;
        if (launched) {
            Program.prepare();
        }
        int exitCode = execute(args);
        if (launched) {
            System.exit(exitCode);
        }
        if (exitCode != 0) {
            throw new IllegalStateException("failed, see above");
        }
    }

    /** Runs the command, reports a failure and returns the exit code. */
    static int execute(String... args) {
        Main main = new Main();
        CommandLine commandLine = new CommandLine(main);
        commandLine
                .getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(() -> new String[] {
                    "ttt4rec " + Version.current(), "Apache Flink " + EnvironmentInformation.getVersion()
                }));
        return Program.execute(commandLine, new Failures(main.stackTrace, Main::jobFailure), args);
    }

    /**
     * Returns the line to print for a job's failure. Flink wraps exceptions of operators and may send them from another
     * machine.
     */
    private static Optional<String> jobFailure(Throwable thrown) {
        ClassLoader loader = Main.class.getClassLoader();
        Optional<UserFacingException> mistake =
                ExceptionUtils.findSerializedThrowable(thrown, UserFacingException.class, loader);
        if (mistake.isPresent()) {
            return Optional.ofNullable(mistake.get().getMessage());
        }
        if (!(thrown instanceof FlinkException)) {
            return Optional.empty();
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root.getClass().getName().equals(UserFacingException.class.getName())) {
            // The same class, loaded by the job's own class loader.
            return Optional.ofNullable(root.getMessage());
        }
        return Optional.of("the job failed: " + root + " (--stacktrace shows more)");
    }
}
