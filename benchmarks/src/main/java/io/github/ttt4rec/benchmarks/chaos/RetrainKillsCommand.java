package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.benchmarks.option.NewDirectoryOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills retrainings and rollbacks at random moments while a server runs. */
@Command(
        name = "retrain-kills",
        description = {
            "Train a model, serve it, and kill retrain and rollback commands for that server at random moments: while"
                    + " they read, train, compare, fit, save, swap and clean up.",
            "After each kill the server must return lists, the model named in served.json must load, and every"
                    + " acknowledged event must be stored. At the end, a retraining that is not killed must"
                    + " succeed."
        })
public final class RetrainKillsCommand implements Callable<Integer> {
    /**
     * The first model is trained on the events before the first date; the store has the events before the second date.
     */
    private static final String FITTED_UNTIL = "2011-02-01";

    private static final String STORED_UNTIL = "2011-02-15";
    private static final String ITEM = "85123A";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "30",
            description = "Number of commands to kill (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the random moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private final NewDirectoryOption out = new NewDirectoryOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Checkout checkout = Checkout.current();
        PrintWriter print = spec.commandLine().getOut();
        RetrainKills campaign = new RetrainKills(
                checkout.launcher(),
                new RetrainKills.Log(
                        checkout.shopLog(), FITTED_UNTIL, STORED_UNTIL, ITEM, List.of("--set", "epochs=1")),
                out.create(),
                line -> {
                    print.println(line);
                    print.flush();
                });
        int unfinished = campaign.run(kills, seed);
        print.println(kills + " kills, " + unfinished + " of them before the end, seed " + seed
                + ": the model was always complete, no event was lost, and the next retraining succeeded; "
                + campaign.models()
                + " model directories are left");
        return 0;
    }
}
