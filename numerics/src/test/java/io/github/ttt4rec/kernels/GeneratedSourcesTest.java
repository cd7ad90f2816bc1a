package io.github.ttt4rec.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed kernels equal the output of the templates. */
class GeneratedSourcesTest {
    @Test
    void committedSourcesEqualTheTemplates() throws IOException {
        Path module = Repository.root().resolve("numerics");
        Path directory = GeneratedSources.directory(module);
        if (Boolean.getBoolean("ttt4rec.generate")) {
            GeneratedSources.main(new String[] {module.toString()});
        }
        Map<String, String> committed = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed)
                .as("run ./mvnw -pl numerics test -Dtest=GeneratedSourcesTest -Dttt4rec.generate=true")
                .isEqualTo(GeneratedSources.all(module));
    }
}
