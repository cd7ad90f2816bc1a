package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the limits for a single client. */
class LimitsTest {
    private static final String EVENT = "{\"user\":\"u\",\"item\":\"i1\"}";

    @TempDir
    private Path directory;

    private static Limits limits(int requests, int rate, Duration requestTime, Duration idleTime) {
        return Limits.defaults()
                .with(changed -> changed.bodyBytes(2048)
                        .batch(5)
                        .k(20)
                        .history(8)
                        .connections(64)
                        .requests(requests)
                        .rate(rate)
                        .timeouts(new Timeouts(requestTime, idleTime, Duration.ofSeconds(10))));
    }

    private static Limits usual() {
        return limits(64, 0, Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    private TestServer start(Limits limits) {
        return TestServer.start(directory, ServerConfig.local().withLimits(limits));
    }

    @Test
    void batchesBodiesHistoriesAndK() {
        try (TestServer server = start(usual())) {
            assertThat(server.post("/v1/events", "[" + (EVENT + ",").repeat(4) + EVENT + "]")
                            .status())
                    .isEqualTo(200);
            Reply many = server.post("/v1/events", "[" + (EVENT + ",").repeat(5) + EVENT + "]");
            assertThat(many.status()).isEqualTo(413);
            assertThat(many.body()).contains("more than 5 events");
            byte[] lines = (EVENT + "\n").repeat(6).getBytes(StandardCharsets.UTF_8);
            assertThat(server.lines("/v1/events", lines).status()).isEqualTo(413);
            // No event of a refused request is stored.
            assertThat(server.get("/v1/users/u").json().get("events").intValue())
                    .isEqualTo(5);

            assertThat(server.get("/v1/users/u/recommendations?k=21").body()).contains("from 1 to 20");
            assertThat(server.post("/v1/recommendations", "{\"history\":[" + "\"i1\",".repeat(8) + "\"i1\"]}")
                            .body())
                    .contains("history has 9 items, and 8 are allowed");
        }
    }

    @Test
    void bodiesThatAreTooLargeAreRefusedInGoodOrder() throws IOException {
        try (TestServer server = start(usual())) {
            String fits = "{\"history\":[]" + " ".repeat(2048 - "{\"history\":[]}".length()) + "}";
            assertThat(server.post("/v1/recommendations", fits).status()).isEqualTo(200);
            for (int length : new int[] {2049, 1 << 20, 8 << 20}) {
                byte[] body = new byte[length];
                // With a Content-Length, and without (chunked).
                for (var publisher : List.of(
                        BodyPublishers.ofByteArray(body),
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
                    Reply reply = server.send(server.request("/v1/recommendations")
                            .header("Content-Type", "application/json")
                            .POST(publisher));
                    assertThat(reply.status()).isEqualTo(413);
                    assertThat(reply.body()).contains("more than 2048 bytes");
                }
            }
            // A chunked body within the limit is accepted.
            assertThat(server.send(server.request("/v1/recommendations")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofInputStream(
                                            () -> new ByteArrayInputStream(fits.getBytes(StandardCharsets.UTF_8)))))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusedBodyIsNotTakenForTheNextRequest() throws IOException {
        String smuggled = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (TestServer server = start(usual())) {
            for (String path : List.of("/nowhere", "/v1/model", "/v1/users/u")) {
                try (RawClient client = server.raw()) {
                    String body = smuggled.repeat(2000);
                    client.send("PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                            + "\r\n\r\n");
                    try {
                        client.send(body);
                        assertThat(client.reply().orElseThrow().status()).isIn(404, 405);
                        assertThat(client.reply()).isEmpty();
                    } catch (IOException closed) {
                        // The server does not wait for the end of a body that it refuses.
                        assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|aborted).*");
                    }
                }
                try (RawClient client = server.raw()) {
                    client.send("PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + smuggled.length()
                            + "\r\n\r\n" + smuggled + "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    assertThat(client.reply().orElseThrow().status()).isIn(404, 405);
                    assertThat(client.reply().orElseThrow().body()).contains("ready");
                }
            }
        }
    }

    @Test
    void eachTokenHasItsRate() throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), "first-0123456789\nsecond-0123456789\n");
        // At one request per second the bucket holds one request, and does not refill within the few milliseconds of
        // this test.
        ServerConfig config = ServerConfig.local()
                .withLimits(limits(64, 1, Duration.ofSeconds(30), Duration.ofSeconds(30)))
                .withTokens(Tokens.read(file, null));
        try (TestServer server = TestServer.start(directory, config)) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Reply reply =
                        server.send(server.request("/v1/deny").header("Authorization", "Bearer first-0123456789"));
                statuses.add(reply.status());
                if (reply.status() == 429) {
                    assertThat(reply.header("Retry-After")).isIn("1", "2");
                    assertThat(reply.body()).contains("more than 1 requests a second");
                }
            }
            assertThat(statuses).startsWith(200).contains(429);
            assertThat(server.send(server.request("/v1/deny").header("Authorization", "Bearer second-0123456789"))
                            .status())
                    .isEqualTo(200);
            // Public routes have no token whose requests could be counted.
            for (int i = 0; i < 5; i++) {
                assertThat(server.get("/health/ready").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void rateLetsASecondsWorthThroughAtOnceAndThenOneAtATime() {
        RateLimit rate = new RateLimit(10, 2);
        long second = 1_000_000_000;
        for (int i = 0; i < 10; i++) {
            assertThat(rate.take(1, 5 * second)).isZero();
        }
        assertThat(rate.take(1, 5 * second)).isEqualTo(second / 10);
        assertThat(rate.take(0, 5 * second)).isZero();
        assertThat(rate.take(1, 5 * second + second / 10)).isZero();
        assertThat(rate.take(1, 5 * second + second / 10)).isEqualTo(second / 10);
        assertThat(rate.take(1, 5 * second + second / 10 + second / 20)).isEqualTo(second / 20);
        for (int i = 0; i < 10; i++) {
            assertThat(rate.take(1, 60 * second)).isZero();
        }
        assertThat(rate.take(1, 60 * second)).isPositive();
        RateLimit none = new RateLimit(0, 1);
        for (int i = 0; i < 1000; i++) {
            assertThat(none.take(0, 0)).isZero();
        }
    }

    /** The only place is taken by an event that waits for the database, which this test has locked. */
    @Test
    void tooManyRequestsAtOnce() throws SQLException, InterruptedException {
        try (TestServer server = start(limits(1, 0, Duration.ofSeconds(30), Duration.ofSeconds(30)));
                Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state.db"));
                Statement statement = database.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(() -> {
                Reply reply = server.post("/v1/events", EVENT);
                while (reply.status() == 503) { // One of the requests below had the place at that moment.
                    reply = server.post("/v1/events", EVENT);
                }
                return reply;
            });
            Reply refused = server.get("/v1/deny");
            for (int i = 0; refused.status() == 200 && i < 1000; i++) { // Wait until the event has the place.
                Thread.sleep(1);
                refused = server.get("/v1/deny");
            }
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("too many requests at once");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(server.get("/health/ready").status()).isEqualTo(200);
            statement.execute("ROLLBACK");
            assertThat(waiting.join().status()).isEqualTo(200);
            assertThat(server.get("/v1/deny").status()).isEqualTo(200);
        }
    }

    /** No connection may block its thread for ever, and well-behaved clients are not affected. */
    @Test
    void slowClientsAreCut() throws IOException {
        try (TestServer server = start(limits(64, 0, Duration.ofMillis(1500), Duration.ofMillis(2500)));
                RawClient silent = server.raw();
                RawClient slowLine = server.raw();
                RawClient slowHeaders = server.raw();
                RawClient slowBody = server.raw();
                RawClient slowChunks = server.raw();
                RawClient idle = server.raw()) {
            slowLine.send("GET /he");
            slowHeaders.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ");
            slowBody.send(RawClient.EVENT_REQUEST + "Content-Length: 1000\r\n\r\n{");
            slowChunks.send(RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
            assertThat(idle.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .reply())
                    .isPresent();
            try (RawClient dripping = server.raw()) {
                // Occasional single bytes do not extend the deadline.
                boolean cut = false;
                for (int i = 0; i < 100 && !cut; i++) {
                    cut = !drip(dripping);
                }
                assertThat(cut).isTrue();
            }
            for (RawClient client : List.of(silent, slowLine, slowHeaders, slowBody, slowChunks, idle)) {
                assertThat(closed(client)).isTrue();
            }
            assertThat(server.get("/health/live").status()).isEqualTo(200);
            assertThat(server.get("/metrics").body()).contains("ttt4rec_http_connections_cut_total 7.0");
        }
    }

    private static boolean drip(RawClient client) {
        try {
            Thread.sleep(50);
            client.send("x");
            return true;
        } catch (IOException closed) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean closed(RawClient client) {
        try {
            Optional<RawClient.Reply> reply = client.reply();
            return reply.isEmpty()
                    || (reply.get().status() == 408 && client.reply().isEmpty());
        } catch (IOException reset) {
            return true;
        }
    }

    /** The server holds only a limited number of answers for a client that does not read them. */
    @Test
    void clientThatDoesNotReadIsCut() {
        try (TestServer server = start(limits(64, 0, Duration.ofMillis(1500), Duration.ofSeconds(30)));
                RawClient client = server.raw()) {
            String requests = "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2000);
            try {
                for (int i = 0; i < 1000; i++) {
                    client.send(requests);
                }
            } catch (IOException cut) {
                assertThat(server.get("/health/live").status()).isEqualTo(200);
                return;
            }
            throw new AssertionError("50 MB of requests were taken without anyone taking an answer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void chunkWhoseSizeNeverEndsIsCut() {
        try (TestServer server = start(usual());
                RawClient client = server.raw()) {
            client.send(RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n");
            byte[] digits = "0".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            Optional<IOException> cut = Optional.empty();
            for (int i = 0; i < 2000 && cut.isEmpty(); i++) {
                try {
                    client.send(digits);
                } catch (IOException e) {
                    cut = Optional.of(e);
                }
            }
            assertThat(cut).isPresent();
            assertThat(server.get("/health/live").status()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
