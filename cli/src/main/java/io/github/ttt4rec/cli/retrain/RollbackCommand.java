package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.io.internal.ModelSeries;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the previous model again. */
@Command(
        name = "rollback",
        description = {
            "Serve the previous model again.",
            "",
            "The current model stays in the directory until a later retraining deletes it. Without --url, a running"
                    + " server keeps its model; the previous model is served from the next start.",
            ""
        },
        customSynopsis = "ttt4rec rollback --models DIR [--url URL]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = "  ttt4rec rollback --models models --url http://127.0.0.1:8080")
public final class RollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--models", paramLabel = "DIR", required = true, description = "Directory of models.")
    private Path models;

    @Option(names = "--url", paramLabel = "URL", description = "Server that should load the previous model.")
    private @Nullable URI url;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File whose first line is an admin token of that server.")
    private @Nullable Path tokenFile;

    @Override
    public Integer call() throws InterruptedException {
        try (ModelSeries series = ModelSeries.open(models)) {
            String before = series.servedName();
            if (url != null && !series.earlier().isEmpty()) {
                new ServerSwap(url, tokenFile).to(series.earlier().getFirst());
            }
            series.rollBack();
            spec.commandLine().getOut().println("served now: " + series.servedName() + ", instead of " + before);
        }
        return 0;
    }
}
