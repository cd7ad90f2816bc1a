package io.github.ttt4rec.cli;

import io.github.ttt4rec.cli.command.BackupCommand;
import io.github.ttt4rec.cli.command.CompareCommand;
import io.github.ttt4rec.cli.command.DemoCommand;
import io.github.ttt4rec.cli.command.EvaluateCommand;
import io.github.ttt4rec.cli.command.InspectCommand;
import io.github.ttt4rec.cli.command.LoadCommand;
import io.github.ttt4rec.cli.command.ParityCommand;
import io.github.ttt4rec.cli.command.RecommendCommand;
import io.github.ttt4rec.cli.command.ServeCommand;
import io.github.ttt4rec.cli.command.StreamCommand;
import io.github.ttt4rec.cli.command.TrainCommand;
import io.github.ttt4rec.cli.command.TuneCommand;
import io.github.ttt4rec.console.VectorModule;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code ttt4rec COMMAND ...}. A command is a class of its own, added by one line in
 * {@link #commandLine()}; it runs as a {@link Runnable} or, where it gives an exit code, as a
 * {@code Callable<Integer>}, writes results to standard output and everything else to standard error, and throws what
 * it cannot handle: {@link Failures} turns that into one line and an exit code.
 */
@Command(name = "ttt4rec", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT)
public final class Main implements Runnable {
    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "On failure, also show the Java stack trace. TTT4REC_DEBUG=1 does the same.")
    private boolean stackTrace = "1".equals(System.getenv("TTT4REC_DEBUG"));

    @Spec
    private CommandSpec spec;

    /** Runs the command that {@code args} name and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // Always UTF-8: item names and JSON must not depend on the terminal's locale.
        System.setOut(new PrintStream(new StandardOutput(), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        VectorModule.load();
        System.exit(execute(commandLine(), args));
    }

    /** The root command with all its subcommands, in the order in which help lists them. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.addSubcommand(new DemoCommand());
        commandLine.addSubcommand(new InspectCommand());
        commandLine.addSubcommand(TrainCommand.commandLine());
        commandLine.addSubcommand(new EvaluateCommand());
        commandLine.addSubcommand(new CompareCommand());
        commandLine.addSubcommand(new TuneCommand());
        commandLine.addSubcommand(new RecommendCommand());
        commandLine.addSubcommand(new ServeCommand());
        commandLine.addSubcommand(new BackupCommand());
        commandLine.addSubcommand(new StreamCommand());
        commandLine.addSubcommand(new LoadCommand());
        commandLine.addSubcommand(new ParityCommand());
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        HelpText.describe(commandLine.getCommandSpec().usageMessage());
        // Last, because picocli asks for the version when it adds a command, which would start the kernels for --help.
        VersionProvider version = new VersionProvider();
        commandLine.getCommandSpec().versionProvider(version);
        commandLine
                .getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(version));
        return commandLine;
    }

    /** Runs {@code commandLine} on {@code args} and returns the exit code; what was thrown has been reported then. */
    public static int execute(CommandLine commandLine, String... args) {
        Failures failures = new Failures();
        commandLine.setExecutionExceptionHandler(failures);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionStrategy(parsed -> {
            try {
                return new CommandLine.RunLast().execute(parsed);
            } catch (StandardOutput.UnwritableException e) { // from printing help, which picocli guards with no handler
                return Failures.report(e, commandLine);
            }
        });
        int exitCode;
        try {
            exitCode = commandLine.execute(args);
            commandLine.getOut().flush();
        } catch (RuntimeException | Error e) {
            exitCode = Failures.report(e, commandLine);
        }
        commandLine.getErr().flush();
        return exitCode;
    }

    /** Returns whether {@code commandLine}, or the root command above it, was asked to show stack traces. */
    static boolean wantsStackTrace(CommandLine commandLine) {
        CommandSpec root = commandLine.getCommandSpec().root();
        return root.userObject() instanceof Main main && main.stackTrace;
    }

    /** Without a command there is nothing to run: help on standard error. */
    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        commandLine.usage(commandLine.getErr());
        throw new CommandLine.ParameterException(commandLine, "no command given");
    }
}
