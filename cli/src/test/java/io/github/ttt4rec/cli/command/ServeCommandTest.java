package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.cli.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the server as a process: its output, its shutdown, and the errors that keep it from starting. */
class ServeCommandTest {
    @TempDir
    private static Path directory;

    private static Path model;

    @BeforeAll
    static void train() {
        model = directory.resolve("models").resolve("first");
        Run.train(Run.log(directory, "events.csv", 60), model, "--set", "epochs=2", "--no-test")
                .done();
    }

    /** Starts a server in a process of its own and waits until it listens. */
    private record Server(Process process, BufferedReader out, StringBuilder printed, URI uri, Path err)
            implements AutoCloseable {
        static Server start(Path err, String... arguments) throws IOException {
            Process process = new ProcessBuilder(Run.command(List.of(arguments)))
                    .redirectError(err.toFile())
                    .start();
            BufferedReader out = process.inputReader();
            StringBuilder printed = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                printed.append(line).append('\n');
                if (line.startsWith("Ctrl-C")) {
                    String first = printed.substring(printed.indexOf("Serving at "));
                    return new Server(process, out, printed, URI.create(first.substring(11, first.indexOf('\n'))), err);
                }
            }
            throw new AssertionError("it does not serve: " + printed + Files.readString(err));
        }

        String ask(String path, String json) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path));
            if (json != null) {
                request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
            }
            try (HttpClient client = HttpClient.newHttpClient()) {
                var response = client.send(request.build(), BodyHandlers.ofString());
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                return response.body();
            }
        }

        /** Sends a signal, waits for exit code 0, and returns the standard error. */
        String stop(String signal) throws IOException, InterruptedException {
            Signals.send(signal, process);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(err);
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void servesTenantsAndNamesTheOneThatCannotBeOpened() throws IOException, InterruptedException {
        Signals.require();
        Run.write(directory.resolve("damaged.db"), "no store");
        Path tenants = Run.write(directory.resolve("tenants.yaml"), """
                tenants:
                  - {name: shoes, model: models/first, state: shoes.db, cache_mb: 16}
                  - {name: books, model: models/first, state: books.db, types: "buy,view=input", rate: 1000}
                  - {name: broken, model: models/first, state: damaged.db}
                """);
        Path err = directory.resolve("tenants-err");
        try (Server server = Server.start(err, "serve", "--tenants", tenants.toString(), "--port", "0")) {
            assertThat(server.printed()).contains("/t/shoes/", "/t/broken/  not served");
            server.ask("t/shoes/v1/events", "{\"user\":\"u\",\"item\":\"i1\"}");
            server.ask("t/books/v1/events", "{\"user\":\"u\",\"item\":\"i2\",\"type\":\"buy\"}");
            assertThat(server.ask("t/books/v1/users/u", null)).contains("i2").doesNotContain("i1\"");
            Signals.send("HUP", server.process());
            assertThat(server.stop("TERM"))
                    .contains("tenant broken is not served: ", "damaged.db: is no event store")
                    .contains("limits and tokens were read again");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shops: []                                     | expected one key, tenants, with a list
            tenants: [{name: a, model: m}]                | tenant 1: state is missing
            tenants: [{name: A b, model: m, state: s}]    | tenant 1, name: 'A b' must be of a-z, 0-9, - and _
            tenants: [{name: a, model: m, state: s, cach_mb: 3}] | tenant 1: unknown key cach_mb, did you mean cache_mb?
            tenants: [{name: a, model: m, state: s, rate: no}]   | tenant 1, rate: must be a whole number above 0
            tenants: [{name: a, model: m, state: s}, {name: a, model: m, state: t}] | tenant 2: the name a is the name of an earlier tenant
            tenants: [{name: a, model: m, state: s}, {name: b, model: m, state: s}] | tenant 2, state:
            tenants: [{name: a, model: m, state: s, retrain: often}] | tenant a, retrain: 'often' is not a time of day such as 03:00
            tenants: [{name: a, model: m, state: s, cache_mb: 9999}] | the tenants' cache_mb make 9999
            """)
    void wrongTenantsFileIsRefusedByPlace(String yaml, String because) {
        Path tenants = Run.write(directory.resolve("wrong.yaml"), yaml);
        Run.of("serve", "--tenants", tenants.toString(), "--port", "0").failedSaying(because);
    }

    @Test
    void tenantsGoWithoutAModel() {
        Run.of("serve", "--tenants", "t.yaml", "--model", model.toString())
                .wrongUsageSaying("--tenants takes the place of --model");
        Run.of("serve").wrongUsageSaying("Missing required option: '--model=DIR'");
    }

    @Test
    void servesUntilASignalAndKeepsWhatItAnswered() throws IOException, InterruptedException {
        Signals.require();
        Path state = directory.resolve("events.db");
        Path err = directory.resolve("err");
        Path names = Run.write(directory.resolve("names.csv"), "item,name\ni1,Mug\n");
        String[] arguments = {
            "serve",
            "--model",
            model.toString(),
            "--state",
            state.toString(),
            "--names",
            names.toString(),
            "--port",
            "0",
            "--policy",
            "window"
        };
        try (Server server = Server.start(err, arguments)) {
            assertThat(server.uri.getPort()).isPositive();
            assertThat(server.printed)
                    .contains(
                            "Serving at http://127.0.0.1:",
                            "model    " + model + ": hybrid, 20 items, version ",
                            "policy   window",
                            "store    " + state + ": 0 events of 0 users, durability full",
                            "kernels  ",
                            "access   without tokens: everyone on this machine may do everything");
            assertThat(server.ask("/v1/events", "{\"user\":\"u\",\"item\":\"i1\"}"))
                    .contains("\"accepted\"");
            assertThat(server.ask("/v1/users/u", null)).contains("\"name\":\"Mug\"");
            assertThat(server.ask("/", null)).contains("<html");
            assertThat(server.stop("INT").lines())
                    .endsWith(
                            "ttt4rec: stopping: requests in progress are finished, new ones refused; a second signal"
                                    + " kills",
                            "ttt4rec: stopped; every acknowledged event is in the store");
        }
        try (Server server = Server.start(err, arguments)) {
            assertThat(server.printed).contains(": 1 events of 1 users");
            server.stop("TERM");
        }
    }

    @Test
    void storeIsBesideTheModelUnlessToldOtherwise() throws IOException, InterruptedException {
        Signals.require();
        try (Server server =
                Server.start(directory.resolve("err"), "serve", "--model", model.toString(), "--port", "0")) {
            Path state = model.resolveSibling("ttt4rec-state.db");
            assertThat(server.printed).contains("store    " + state);
            assertThat(state).exists();
            // Only one server may use a store.
            Run.of("serve", "--model", model.toString(), "--port", "0")
                    .failedSaying("ttt4rec-state.db", "in use by process " + server.process.pid());
            server.stop("TERM");
        }
    }

    /** Returns the status code of a request with a token. */
    private static int status(URI uri, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve("/v1/model"))
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static void await(Path err, String words) throws IOException, InterruptedException {
        for (int i = 0; i < 600 && !Files.readString(err).contains(words); i++) {
            Thread.sleep(100);
        }
        assertThat(err).content().contains(words);
    }

    @Test
    void hangUpReadsTokensAndOptionsAgain() throws IOException, InterruptedException {
        Signals.require();
        Path tokens = Run.write(directory.resolve("good-tokens"), "token-before-the-signal\n");
        Path err = directory.resolve("hup.err");
        try (Server server = Server.start(
                err,
                "serve",
                "--model",
                model.toString(),
                "--state",
                directory.resolve("hup.db").toString(),
                "--port",
                "0",
                "--durability",
                "normal",
                "--token-file",
                tokens.toString())) {
            assertThat(status(server.uri, "token-before-the-signal")).isEqualTo(200);
            Run.write(tokens, "token-after-the-signal\n");
            Signals.send("HUP", server.process());
            await(err, "reloaded limits, tokens and certificate");
            assertThat(status(server.uri, "token-before-the-signal")).isEqualTo(401);
            assertThat(status(server.uri, "token-after-the-signal")).isEqualTo(200);
            Run.write(tokens, "short\n");
            Signals.send("HUP", server.process());
            await(err, "nothing was changed: ");
            assertThat(status(server.uri, "token-after-the-signal")).isEqualTo(200);
            server.stop("TERM");
        }
    }

    @Test
    void serverEndsIfItsStoreIsDeleted() throws IOException, InterruptedException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "an open file cannot be deleted");
        Path state = directory.resolve("deleted.db");
        Path err = directory.resolve("deleted.err");
        try (Server server =
                Server.start(err, "serve", "--model", model.toString(), "--state", state.toString(), "--port", "0")) {
            Files.delete(state);
            assertThat(server.process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(server.process.exitValue()).isEqualTo(3);
            assertThat(err).content().contains("the event store is lost", "deleted, moved or replaced");
            assertThat(state).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--port|70000|--port must be from 0 to 65535",
                "--tls-cert|cert.pem|--tls-cert and --tls-key go together",
                "--policy|none|'none' is not window, unbounded, reset or hop",
                "--durability|some|'some' is not full, normal or off",
                "--user-ttl|30|'30' is not a length of time",
                "--user-ttl|30m|idle_user_ttl must be 0 (for ever) or at least an hour",
                "--max-k|0|'0' is not a whole number of at least 1",
                "--request-timeout|0s|request_time must be more than 0",
                "--nonsense|1|unknown option '--nonsense'",
            })
    void wrongUsageIsReported(String option, String value, String said) {
        Run.of("serve", "--model", model.toString(), option, value).wrongUsageSaying(said);
    }

    @Test
    void failureToStartIsReportedInOneLine() throws IOException {
        Run.of("serve", "--model", directory.resolve("none").toString(), "--port", "0")
                .failedSaying("none", "no such model directory");
        Run.of("serve", "--model", model.toString(), "--host", "0.0.0.0", "--port", "0")
                .failedSaying("0.0.0.0", "--token-file");
        Run.of("serve", "--model", model.toString(), "--host", "no.such.host.invalid")
                .failedSaying("no.such.host.invalid");
        Path tokens = Run.write(directory.resolve("tokens"), "short\n");
        Run.of("serve", "--model", model.toString(), "--token-file", tokens.toString(), "--port", "0")
                .failedSaying("tokens, line 1", "16");
        Path noStore = Run.write(directory.resolve("no.db"), "this is no database, whatever its name may be\n");
        Run.of("serve", "--model", model.toString(), "--state", noStore.toString(), "--port", "0")
                .failedSaying("no.db", "no event store");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run.of("serve", "--model", model.toString(), "--port", String.valueOf(other.getLocalPort()))
                    .failedSaying("port " + other.getLocalPort(), "--port 0");
        }
        Path damaged = directory.resolve("damaged");
        Files.createDirectories(damaged);
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, damaged.resolve(file.getFileName()));
            }
        }
        Path weights = damaged.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 3] ^= 1;
        Files.write(weights, bytes);
        Run.of("serve", "--model", damaged.toString(), "--port", "0").failedSaying("model.safetensors");
    }

    @Test
    void helpTeaches() {
        assertThat(Run.of("serve", "--help").done().out())
                .contains("curl ", "/v1/events", "/v1/model", "--admin-token-file", "openapi.yaml");
        assertThat(Run.of("serve", "--help").out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void demoServesItsCustomers() throws IOException, InterruptedException {
        Signals.require();
        Path shop = Files.createDirectories(directory.resolve("shop"));
        DemoCommandTest.writeShop(shop);
        Path err = directory.resolve("demo.err");
        try (Server server =
                Server.start(err, "demo", "--serve", "--port", "0", "--threads", "2", "--files", shop.toString())) {
            assertThat(server.printed).contains("See it live").doesNotContain("demo --serve");
            String about = server.ask("/v1/model", null);
            String users = about.substring(about.indexOf("\"example_users\":["));
            String customer = users.replaceFirst(".*?\\[\"", "").replaceFirst("\".*", "");
            assertThat(server.ask("/v1/users/" + customer, null))
                    .contains("Product of aisle", "\"time\":\"2011-03-01T10:00:00Z\"");
            assertThat(server.ask("/v1/users/" + customer + "/recommendations", null))
                    .contains("personal", "Product of aisle");
            server.stop("INT");
        }
        assertThat(new String(Run.bytes(err), StandardCharsets.UTF_8)).doesNotContain("Exception");
    }
}
