package io.github.ttt4rec.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example runs in a project that depends only on ttt4rec-core. */
class ExampleTest {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private Path directory;

    @Test
    void exampleTrainsAndRecommendsTheNextItem() throws IOException, InterruptedException {
        // A separate process, because the example saves to the working directory.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        CLASS_PATH,
                        "Example")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        // Each customer goes through the products in turn, so p5 follows p3 and p4. The figures depend on the number of
        // cores.
        assertThat(output)
                .containsPattern("(?m)^epoch 1, loss [0-9.]+$")
                .containsPattern("(?m)^HR@10 (1\\.0|0\\.9[0-9]*)$")
                .containsPattern("(?m)^Recommendation\\[item=p5, score=.*\nRecommendation")
                .containsPattern("(?m)^POPULARITY\np5 -?[0-9.]+$")
                .doesNotContain("Exception", "WARNING: using scalar");
        assertThat(directory.resolve("model/model.safetensors")).exists();
    }

    @Test
    void readmeShowsTheWholeExample() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        assertThat(Files.readString(root.resolve("README.md")))
                .contains("```java\n" + Files.readString(root.resolve("example/src/main/java/Example.java")) + "```\n");
    }

    @Test
    void projectDependsOnCoreAndItsLibrariesAlone() {
        assertThat(Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                        .filter(path -> !path.endsWith("classes"))
                        .map(path -> Path.of(path).getFileName().toString())
                        .filter(name -> name.startsWith("ttt4rec-")))
                .allMatch(name -> name.matches("ttt4rec-(core|numerics)-.*"));
        assertThat(CLASS_PATH).doesNotContain("picocli", "helidon", "sqlite", "flink");
    }
}
