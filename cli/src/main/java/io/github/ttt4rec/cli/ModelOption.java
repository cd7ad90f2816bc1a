package io.github.ttt4rec.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model that a command uses. */
final class ModelOption {
    @Option(names = "--model", paramLabel = "DIR", required = true, description = "Directory that train wrote.")
    private Path directory;

    /** For picocli. */
    ModelOption() {
        directory = Path.of("");
    }

    Path directory() {
        return directory;
    }
}
