package io.github.ttt4rec.cli;

import io.github.ttt4rec.cli.command.BackupCommand;
import io.github.ttt4rec.cli.command.CheckCommand;
import io.github.ttt4rec.cli.command.CompareCommand;
import io.github.ttt4rec.cli.command.DemoCommand;
import io.github.ttt4rec.cli.command.EvaluateCommand;
import io.github.ttt4rec.cli.command.ExportCommand;
import io.github.ttt4rec.cli.command.ForgetCommand;
import io.github.ttt4rec.cli.command.ImportCommand;
import io.github.ttt4rec.cli.command.InspectCommand;
import io.github.ttt4rec.cli.command.ParityCommand;
import io.github.ttt4rec.cli.command.RecommendCommand;
import io.github.ttt4rec.cli.command.ServeCommand;
import io.github.ttt4rec.cli.command.StreamStub;
import io.github.ttt4rec.cli.command.TrainCommand;
import io.github.ttt4rec.cli.command.TuneCommand;
import io.github.ttt4rec.cli.retrain.RetrainCommand;
import io.github.ttt4rec.cli.retrain.RollbackCommand;
import io.github.ttt4rec.serve.store.StoreException;
import io.github.ttt4rec.terminal.Failures;
import io.github.ttt4rec.terminal.Program;
import io.github.ttt4rec.terminal.option.StackTraceOption;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code ttt4rec COMMAND ...}. Each command is a class, added by one line in {@link #commandLine()}.
 * It is a {@link Runnable} or, if it returns an exit code, a {@code Callable<Integer>}. It writes results to standard
 * output and everything else to standard error, and throws its failures, which {@link Failures} turns into one line and
 * an exit code.
 */
@Command(name = "ttt4rec", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT)
public final class Main implements Runnable {
    @Mixin
    private final StackTraceOption stackTrace = new StackTraceOption();

    @Spec
    private CommandSpec spec;

    /** Runs the command that {@code args} name and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Program.prepare();
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
        commandLine.addSubcommand(new RetrainCommand());
        commandLine.addSubcommand(new RollbackCommand());
        commandLine.addSubcommand(new ImportCommand());
        commandLine.addSubcommand(new ExportCommand());
        commandLine.addSubcommand(new BackupCommand());
        commandLine.addSubcommand(new CheckCommand());
        commandLine.addSubcommand(new ForgetCommand());
        commandLine.addSubcommand(new StreamStub());
        commandLine.addSubcommand(new ParityCommand());
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        HelpText.describe(commandLine.getCommandSpec().usageMessage());
        // Set last: picocli asks for the version when a command is added, and that would load the kernels even for
        // --help.
        VersionProvider version = new VersionProvider();
        commandLine.getCommandSpec().versionProvider(version);
        commandLine
                .getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(version));
        return commandLine;
    }

    /** Runs {@code commandLine}, reports a failure and returns the exit code. */
    public static int execute(CommandLine commandLine, String... args) {
        Main main = (Main) commandLine.getCommandSpec().userObject();
        return Program.execute(commandLine, new Failures(main.stackTrace, Main::storeFailure), args);
    }

    private static Optional<String> storeFailure(Throwable failure) {
        return failure instanceof StoreException problem ? Optional.ofNullable(problem.getMessage()) : Optional.empty();
    }

    /** Prints the help on standard error if no command is given. */
    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        commandLine.usage(commandLine.getErr());
        throw new CommandLine.ParameterException(commandLine, "no command given");
    }
}
