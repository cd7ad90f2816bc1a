package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example runs, and is what the README shows. */
class ReadmeExampleTest {
    private static final Pattern IN_SOURCE = Pattern.compile("(?s)// \\[README\n(.*?)\n *// README\\]");
    private static final Pattern IN_README =
            Pattern.compile("(?s)<!-- example: ReadmeExample.java -->\\s*```java\n(.*?)\n```");

    @TempDir
    private Path directory;

    @Test
    void runs() throws IOException, InterruptedException {
        Logs.write(directory, 30);
        // In a process of its own: the example's files are in the working directory.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ReadmeExample.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("Protocol: test cases of split leave-one-out", "HR@10", "Recommendation[item=i5")
                .containsPattern("(?m)^i5 -?[0-9.]+$");
        assertThat(directory.resolve("model/model.safetensors")).exists();
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        Path root = Repository.root();
        Path readme = root.resolve("README.md");
        Matcher shown = IN_README.matcher(Files.readString(readme));
        assertThat(shown.find()).as("a java block after the mark").isTrue();
        Matcher source = IN_SOURCE.matcher(
                Files.readString(root.resolve("core/src/test/java/io/github/ttt4rec/api/ReadmeExample.java")));
        assertThat(source.find()).isTrue();
        assertThat(shown.group(1)).isEqualTo(source.group(1).stripIndent());
    }
}
