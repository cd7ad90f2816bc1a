package io.github.ttt4rec.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.benchmarks.Main;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.Tokens;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the load generator with a real server. */
class LoadCommandTest {
    private static final String TOKEN = "a-token-of-24-characters";

    @TempDir
    private Path directory;

    private record Run(int exitCode, String out, String err) {
        static Run of(String... arguments) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine commandLine = Main.commandLine();
            commandLine.setOut(new PrintWriter(out, true));
            commandLine.setErr(new PrintWriter(err, true));
            return new Run(commandLine.execute(arguments), out.toString(), err.toString());
        }

        void failedWith(int code, String... words) {
            assertThat(exitCode).as(err).isEqualTo(code);
            assertThat(err.lines().findFirst().orElse("")).contains(words);
        }
    }

    private static Run load(String url, String... more) {
        List<String> arguments = new ArrayList<>(List.of("load", "--url", url));
        arguments.addAll(Arrays.asList(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    @Test
    void stateFilesAreSearchedForForgottenUsers() throws IOException {
        Path state = directory.resolve("state.db");
        try (Engine engine = Engine.open(
                        MadeUpModels.of(20), EventStore.open(state, StoreConfig.defaults()), EngineConfig.defaults());
                RecommendationServer server = RecommendationServer.start(engine, ServerConfig.local())) {
            Run run = load(
                    server.uri().toString(),
                    "--rate",
                    "10",
                    "--duration",
                    "4s",
                    "--interval",
                    "1s",
                    "--warmup",
                    "0s",
                    "--users",
                    "30",
                    "--forget",
                    state.toString());
            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out())
                    .containsPattern("(?m)^Forgot +[1-4] users; no trace of their ids in the files after [0-9.]+ s");

            Path other = Files.writeString(directory.resolve("none.db-old"), "");
            load(
                            server.uri().toString(),
                            "--forget",
                            other.resolveSibling("none.db").toString())
                    .failedWith(2, "none.db: no such file");
        }
    }

    @Test
    void bytesAreFoundAcrossTheEdgesOfChunks() throws IOException {
        byte[] needle = "needle".getBytes(StandardCharsets.US_ASCII);
        for (int place : new int[] {0, (1 << 20) - 6, (1 << 20) - 3, 1 << 20, (2 << 20) - 1, (2 << 20) + 100}) {
            byte[] bytes = new byte[(2 << 20) + 106];
            Path file = directory.resolve("bytes");
            assertThat(Erasures.holds(Files.write(file, bytes), needle)).isFalse();
            System.arraycopy(needle, 0, bytes, place, needle.length);
            assertThat(Erasures.holds(Files.write(file, bytes), needle))
                    .as("at %d", place)
                    .isTrue();
        }
        assertThat(Erasures.holds(directory.resolve("gone"), needle)).isFalse();
    }

    @Test
    void measuresAServer() throws IOException {
        Path tokens = Files.writeString(directory.resolve("tokens"), "# of the load\n\n" + TOKEN + "\n");
        Path json = directory.resolve("load.json");
        ServerConfig config = ServerConfig.local().withTokens(Tokens.read(tokens, null));
        try (Engine engine = Engine.open(
                        MadeUpModels.of(20),
                        EventStore.open(directory.resolve("state.db"), StoreConfig.defaults()),
                        EngineConfig.defaults());
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            String url = server.uri().toString();
            load(url, "--duration", "1s").failedWith(1, "--token-file");

            // A rate that every machine can sustain.
            Run run = load(
                    url,
                    "--token-file",
                    tokens.toString(),
                    "--rate",
                    "4",
                    "--duration",
                    "2s",
                    "--warmup",
                    "0s",
                    "--users",
                    "30",
                    "--preload",
                    "3",
                    "--events-share",
                    "0.5",
                    "--connections",
                    "2",
                    "--json",
                    json.toString());
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("20 items, history policy", "90 first events added", "2 connections; 30 users")
                    .containsPattern("(?m)^together +8 ")
                    .containsPattern("(?m)^Failed +none$")
                    .doesNotContain("NOT REACHED", "Cold");
            assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));

            JsonNode result = JsonMapper.shared().readTree(Files.readAllBytes(json));
            assertThat(result.at("/load/rate").asDouble()).isEqualTo(4);
            assertThat(result.at("/milliseconds/together/count").asLong()).isEqualTo(8);
            assertThat(result.at("/failed").asLong()).isZero();
            assertThat(result.at("/rate_reached").asBoolean()).isTrue();
            assertThat(result.at("/server/items").asLong()).isEqualTo(20);
            assertThat(result.at("/intervals/0/memory/open_files").asLong()).isPositive();
            long events = result.at("/milliseconds/events/count").asLong();
            assertThat(engine.statistics().events()).isEqualTo(1 + 90 + events);

            // The server refuses this large k; failed requests lead to exit code 1.
            run = load(
                    url,
                    "--token-file",
                    tokens.toString(),
                    "--rate",
                    "50",
                    "--duration",
                    "1s",
                    "--warmup",
                    "0s",
                    "--events-share",
                    "0",
                    "--k",
                    "100000");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("50 status 400, such as: .*k");
        }
        load("http://127.0.0.1:1", "--duration", "1s").failedWith(1, "no server answers", "ttt4rec serve");
    }

    @Test
    void wrongUsageIsOneLine() {
        Run.of("load").failedWith(2, "--url");
        load("http://192.0.2.1:8080").failedWith(2, "--url", "192.0.2.1", "not on this machine");
        load("127.0.0.1:8080").failedWith(2, "--url", "such as http://127.0.0.1:8080");
        load("http://127.0.0.1:8080", "--rate", "0").failedWith(2, "--rate must be above 0");
        load("http://127.0.0.1:8080", "--duration", "soon").failedWith(2, "--duration", "30s, 10m");
        load("http://127.0.0.1:8080", "--events-share", "2").failedWith(2, "--events-share", "between 0 and 1");
    }
}
