package io.github.ttt4rec.benchmarks.option;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --out} of benchmarks that leave models, stores and logs behind. */
public final class NewDirectoryOption {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "New directory for models, stores and results.")
    private Path out;

    /** Creates the directory and returns it; throws {@link UserFacingException} if it exists already. */
    public Path create() throws IOException {
        if (Files.exists(out)) {
            throw new UserFacingException(out + ": exists already; give a new directory");
        }
        return Files.createDirectories(out);
    }
}
