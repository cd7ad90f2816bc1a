package io.github.ttt4rec.terminal.option;

import io.github.ttt4rec.io.internal.ModelSeries;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the model that a command uses. */
public final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description =
                    "Model directory that train wrote, or a directory of models: the one that retrain put into service, or"
                            + " the only one.")
    private Path directory;

    /** Called by picocli. */
    public ModelOption() {
        directory = Path.of("");
    }

    public Path directory() {
        return ModelSeries.resolve(directory);
    }
}
