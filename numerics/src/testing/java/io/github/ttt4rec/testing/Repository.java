package io.github.ttt4rec.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the repository's files from any module in which a test runs. */
public final class Repository {
    private Repository() {}

    /** The directory that holds the Maven wrapper. */
    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : here.getParent();
    }
}
