package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the self-tests of the Python and JavaScript clients on a real server, if this machine has the languages. */
class ClientsTest {
    private static final Path CLIENTS = Path.of("../clients").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private void run(String program, String name) throws IOException, InterruptedException {
        assumeThat(isInstalled(program)).as("%s is installed", program).isTrue();
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            Process process = new ProcessBuilder(
                            program, name, server.server().uri().toString())
                    .directory(CLIENTS.resolve(program.startsWith("python") ? "python" : "javascript")
                            .toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(Files.readString(directory.resolve("output"), StandardCharsets.UTF_8)
                            .strip())
                    .isEqualTo("all is well");
            assertThat(ended).isTrue();
        }
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    @Test
    void pythonClientWorks() throws IOException, InterruptedException {
        run("python3", "selftest.py");
    }

    @Test
    void javaScriptClientWorks() throws IOException, InterruptedException {
        run("node", "selftest.js");
    }
}
