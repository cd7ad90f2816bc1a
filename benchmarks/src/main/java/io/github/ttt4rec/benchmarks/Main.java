package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.ChaosCommand;
import io.github.ttt4rec.benchmarks.chaos.RetrainKillsCommand;
import io.github.ttt4rec.benchmarks.impressions.ImpressionsCommand;
import io.github.ttt4rec.benchmarks.load.LoadCommand;
import io.github.ttt4rec.benchmarks.load.QualityCostCommand;
import io.github.ttt4rec.benchmarks.load.RetrainLoadCommand;
import io.github.ttt4rec.benchmarks.replay.ReplayCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ScopeType;

/** The program behind {@code benchmarks/run COMMAND}: writes results to standard output, progress to standard error. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        description = "Measures the speed of ttt4rec on this machine, and compares it with the machine's limits.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KernelsCommand.class,
            JobsCommand.class,
            HybridCommand.class,
            RooflineCommand.class,
            GrowthCommand.class,
            CatalogueCommand.class,
            FiltersCommand.class,
            DiversityCommand.class,
            HiddenItemsCommand.class,
            TypesCommand.class,
            ContextCommand.class,
            ImpressionsCommand.class,
            ShopCommand.class,
            LoadCommand.class,
            QualityCostCommand.class,
            RetrainLoadCommand.class,
            LogCommand.class,
            ChaosCommand.class,
            RetrainKillsCommand.class,
            ReplayCommand.class
        })
public final class Main {
    private Main() {}

    /** Runs the command that {@code args} name and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the commands. Each reports a {@link UserFacingException} as one line. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof UserFacingException)) {
                throw failure;
            }
            command.getErr().println("benchmarks: " + failure.getMessage());
            return ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
