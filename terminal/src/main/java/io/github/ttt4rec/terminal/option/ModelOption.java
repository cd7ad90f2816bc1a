package io.github.ttt4rec.terminal.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model that a command uses. */
public final class ModelOption {
    @Option(names = "--model", paramLabel = "DIR", required = true, description = "Directory that train wrote.")
    private Path directory;

    /** For picocli. */
    public ModelOption() {
        directory = Path.of("");
    }

    public Path directory() {
        return directory;
    }
}
