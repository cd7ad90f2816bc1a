package io.github.ttt4rec.terminal.option;

import io.github.ttt4rec.io.internal.ModelSeries;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model that a command uses. */
public final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "Directory that train wrote, or a directory of models that retrain keeps.")
    private Path directory;

    /** For picocli. */
    public ModelOption() {
        directory = Path.of("");
    }

    public Path directory() {
        return ModelSeries.resolve(directory);
    }
}
