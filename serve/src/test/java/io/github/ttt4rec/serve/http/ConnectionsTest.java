package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests connections beyond the limit, scarce descriptors, late requests, and HTTP/1.0. */
class ConnectionsTest {
    private static final String ASK = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private Path directory;

    private TestServer start(Limits limits) {
        return TestServer.start(directory, ServerConfig.local().withLimits(limits));
    }

    private static Limits late() {
        return Limits.defaults()
                .withTimeouts(new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(10)));
    }

    /** Many more idle connections than the limit allows must give way to connections with requests. */
    @Test
    void idleConnectionsGiveWayToNewOnes() throws IOException {
        List<RawClient> idle = new ArrayList<>();
        try (TestServer server = start(Limits.defaults().withConnections(20))) {
            for (int i = 0; i < 200; i++) {
                idle.add(server.raw());
                if (i % 10 == 0) {
                    try (RawClient asking = server.raw()) {
                        assertThat(asking.send(ASK).reply().orElseThrow().status())
                                .isEqualTo(200);
                    }
                }
            }
            assertThat(server.get("/health/live").status()).isEqualTo(200);
            String metrics = server.get("/metrics").body();
            assertThat(metric(metrics, "ttt4rec_http_connections_shed_total")).isGreaterThan(150);
            assertThat(metric(metrics, "ttt4rec_http_connections")).isLessThanOrEqualTo(20);
        } finally {
            for (RawClient each : idle) {
                each.close();
            }
        }
    }

    /** The connection that has been idle longest is closed; the one with the latest request stays. */
    @Test
    void oldestIdleConnectionGoesFirst() throws IOException {
        try (TestServer server = start(Limits.defaults().withConnections(16))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                clients.add(server.raw());
                assertThat(clients.get(i).send(ASK).reply()).isPresent();
            }
            assertThat(clients.getFirst().send(ASK).reply()).isPresent(); // Now the second connection is the oldest.
            try (RawClient newcomer = server.raw()) {
                assertThat(newcomer.send(ASK).reply()).isPresent();
                assertThat(clients.get(1).reply()).isEmpty();
                assertThat(clients.getFirst().send(ASK).reply()).isPresent();
                assertThat(clients.getLast().send(ASK).reply()).isPresent();
            }
            for (RawClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void descriptorsBoundConnectionsAndKeepAReserve() {
        AtomicLong limit = new AtomicLong(1024);
        AtomicLong open = new AtomicLong(100);
        Descriptors descriptors = new Descriptors(limit::get, open::get);
        assertThat(descriptors.carry(0)).isEqualTo(1024 - 100 - Descriptors.RESERVE);
        open.set(100 + 500);
        assertThat(descriptors.carry(500)).isEqualTo(1024 - 100 - Descriptors.RESERVE);
        limit.set(300); // The limit is lowered while the server runs.
        assertThat(descriptors.carry(500)).isEqualTo(300 - 100 - Descriptors.RESERVE);
        limit.set(64);
        assertThat(descriptors.carry(500)).isEqualTo(1);
        open.set(50);
        assertThatThrownBy(descriptors::require)
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("the limit of open files, 64, is too low: 50 are open already");
        assertThat(new Descriptors(() -> 0, () -> 0).carry(7)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void descriptorsBoundConnectionsFromTheStart() {
        Descriptors descriptors = new Descriptors(() -> 256, () -> 100);
        try (Connections connections =
                new Connections(Limits.defaults(), descriptors, true, message -> fail("it ended: " + message))) {
            connections.start();
            assertThat(connections.limit()).isEqualTo(256 - 100 - Descriptors.RESERVE);
        }
    }

    /** Each kind of unfinished request gets an answer. */
    @Test
    void requestsThatDoNotArriveInTimeAreAnsweredWith408() throws IOException {
        try (TestServer server = start(late())) {
            for (String start : List.of(
                    "GET /he",
                    "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ",
                    RawClient.EVENT_REQUEST + "Content-Length: 1000\r\n\r\n{",
                    RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n",
                    RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n5",
                    RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"us",
                    RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n")) {
                try (RawClient client = server.raw()) {
                    RawClient.Reply reply = client.send(start).reply().orElseThrow();
                    assertThat(reply.status()).as(start).isEqualTo(408);
                    assertThat(reply.body()).contains("did not arrive in time");
                    assertThat(reply.closes()).isTrue();
                    assertThat(client.reply()).isEmpty();
                }
            }
            assertThat(server.get("/health/live").status()).isEqualTo(200);
        }
    }

    /** A body that can never become valid is refused with an answer before the time limit. */
    @Test
    void malformedChunkSizesAreRefusedAtOnce() throws IOException {
        try (TestServer server = start(patient())) {
            for (String size : List.of(
                    "",
                    "x",
                    "g",
                    "0x5",
                    "-1",
                    "-0",
                    "+5",
                    "1 1",
                    " 5",
                    "5 ",
                    "5;",
                    "5;a=b",
                    "5\n",
                    "\u00e9",
                    "7fffffff",
                    "80000000",
                    "fffffffff",
                    "10000000000000005",
                    "0".repeat(20_000) + "5")) {
                refusedAtOnce(server, "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\nabcde\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    void malformedFramingIsRefusedAtOnce() throws IOException {
        try (TestServer server = start(patient())) {
            for (String length : List.of("", "x", "-1", "+5", "5 5", "0x5", "5,5", "5.0", "99999999999999999999")) {
                refusedAtOnce(server, "Content-Length: " + length + "\r\n\r\nabcde");
            }
            for (String headers : List.of(
                    "Content-Length: 5\r\nContent-Length: 6",
                    "Content-Length: 5\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: chunked\r\nContent-Length: 5",
                    "Transfer-Encoding: ",
                    "Transfer-Encoding: x",
                    "Transfer-Encoding: gzip, chunked",
                    "Transfer-Encoding: chunked, chunked",
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding : chunked",
                    "Transfer-Encoding: chunked\r\n folded",
                    "X: a\r\n folded\r\nContent-Length: 5",
                    "X: a\nContent-Length: 5",
                    "X: a\rContent-Length: 5",
                    "X: \0\r\nContent-Length: 5",
                    "No colon\r\nContent-Length: 5",
                    ": no name\r\nContent-Length: 5",
                    " Content-Length: 5")) {
                refusedAtOnce(server, headers + "\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
            }
            for (String chunks : List.of(
                    "5\r\nabcdeXX0\r\n\r\n",
                    "5\r\nabcde0\r\n\r\n",
                    "5\r\nabcde\n0\n\n",
                    "5\nabcde\r\n0\r\n\r\n",
                    "5\rabcde\r\n0\r\n\r\n",
                    "5\r\nabcdefg\r\n0\r\n\r\n",
                    "5\r\nabcde\r\n0\r\nX\r\n\r\n",
                    "5\r\nabcde\r\n0\r\nX: trailer\r\n\r\n",
                    "5\r\nabcde\r\n0\r\n folded\r\n\r\n",
                    "5\r\nabcde\r\n0\r\n\n\r\n")) {
                refusedAtOnce(server, "Transfer-Encoding: chunked\r\n\r\n" + chunks);
            }
            assertThat(server.get("/v1/users/u").status()).isEqualTo(404);
        }
    }

    /** A client that half-closes its connection gets the answer at once. */
    @Test
    void bodiesThatEndTooEarlyAreRefusedAtOnce() throws IOException {
        try (TestServer server = start(patient())) {
            for (String part : List.of(
                    "Content-Length: 5\r\n\r\n",
                    "Content-Length: 5\r\n\r\nabcd",
                    "Transfer-Encoding: chunked\r\n\r\n",
                    "Transfer-Encoding: chunked\r\n\r\n5",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n")) {
                try (RawClient client = server.raw()) {
                    RawClient.Reply reply = client.send(RawClient.EVENT_REQUEST + part)
                            .end()
                            .reply()
                            .orElseThrow();
                    assertThat(reply.status()).as(part).isEqualTo(400);
                    assertThat(client.reply()).isEmpty();
                }
            }
        }
    }

    /** A body of two bytes is as long as a line end. */
    @Test
    void bodiesAndChunksOfAnyLengthArriveAndTheConnectionGoesOn() throws IOException {
        try (TestServer server = start(patient());
                RawClient client = server.raw()) {
            for (int length = 1; length < 12; length++) {
                String json = "{\"user\":\"u\",\"item\":\"i1\"}";
                StringBuilder chunks = new StringBuilder();
                for (int at = 0; at < json.length(); at += length) {
                    String chunk = json.substring(at, Math.min(json.length(), at + length));
                    chunks.append(Integer.toHexString(chunk.length()))
                            .append("\r\n")
                            .append(chunk)
                            .append("\r\n");
                }
                RawClient.Reply chunked = client.send(
                                RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n")
                        .reply()
                        .orElseThrow();
                assertThat(chunked.body()).as("chunks of " + length).contains("accepted");
                RawClient.Reply blank = client.send(
                                RawClient.EVENT_REQUEST + "Content-Length: " + length + "\r\n\r\n" + "[".repeat(length))
                        .reply()
                        .orElseThrow();
                assertThat(blank.status()).isEqualTo(400);
                assertThat(blank.closes()).isFalse();
                assertThat(blank.body()).doesNotContain("as HTTP says");
            }
        }
    }

    private static Limits patient() {
        return Limits.defaults()
                .withTimeouts(new Timeouts(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofSeconds(10)));
    }

    private static void refusedAtOnce(TestServer server, String rest) throws IOException {
        String shown = rest.substring(0, Math.min(rest.length(), 200));
        try (RawClient client = server.raw()) {
            RawClient.Reply reply =
                    client.send(RawClient.EVENT_REQUEST + rest).reply().orElseThrow(() -> new AssertionError(shown));
            assertThat(reply.status()).as(shown).isBetween(400, 499);
            assertThat(reply.closes()).as(shown).isTrue();
            assertThat(client.reply()).as(shown).isEmpty();
        }
    }

    @Test
    void oldHttpIsAnsweredAndItsConnectionEnds() throws IOException {
        try (TestServer server = start(Limits.defaults())) {
            for (String head : List.of(
                    "GET /health/live HTTP/1.0\r\n\r\n",
                    "GET /health/live HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
                    "GET /health/live HTTP/1.0\r\nhost: 127.0.0.1\r\nConnection: close\r\nX-Real-IP: 1.2.3.4\r\n\r\n")) {
                try (RawClient client = server.raw()) {
                    RawClient.Reply reply = client.send(head).reply().orElseThrow();
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(reply.closes()).isTrue();
                    assertThat(client.reply()).isEmpty();
                }
            }
            String body = "{\"user\":\"u\",\"item\":\"i1\"}";
            String post = "POST /v1/events HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
            assertThat(RawClient.exchange(server.port(), post).body()).contains("accepted");
            try (RawClient client = server.raw()) { // Sent byte by byte.
                for (int i = 0; i < post.length(); i++) {
                    client.send(post.substring(i, i + 1));
                }
                assertThat(client.reply().orElseThrow().body()).contains("accepted");
            }
            // The host is checked for HTTP/1.0 as well.
            assertThat(RawClient.exchange(server.port(), "GET /v1/deny HTTP/1.0\r\nHost: other.example\r\n\r\n")
                            .status())
                    .isEqualTo(421);
            for (String wrong : List.of("GET / HTTP/0.9\r\n\r\n", "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n")) {
                assertThat(RawClient.exchange(server.port(), wrong).status()).isEqualTo(400);
            }
        }
    }

    @Test
    void bodyThatIsAnnouncedTooLongIsRefusedBeforeItIsSent() throws IOException {
        try (TestServer server = start(Limits.defaults())) {
            try (RawClient client = server.raw()) {
                RawClient.Reply reply = client.send(
                                RawClient.EVENT_REQUEST + "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
                        .reply()
                        .orElseThrow();
                assertThat(reply.status()).isEqualTo(413);
                assertThat(client.reply()).isEmpty();
            }
            try (RawClient client = server.raw()) {
                String body = "{\"user\":\"u\",\"item\":\"i1\"}";
                client.send(RawClient.EVENT_REQUEST + "Expect: 100-continue\r\nContent-Length: " + body.length()
                        + "\r\n\r\n");
                assertThat(client.reply().orElseThrow().status()).isEqualTo(100);
                assertThat(client.send(body).reply().orElseThrow().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void pagesOfOtherSitesAreKeptOut() throws IOException {
        try (TestServer server = start(Limits.defaults())) {
            for (String site : List.of("cross-site", "same-site")) {
                assertThat(server.send(server.request("/v1/deny").header("Sec-Fetch-Site", site))
                                .status())
                        .isEqualTo(403);
                assertThat(server.send(server.request("/")
                                        .header("Sec-Fetch-Site", site)
                                        .header("Sec-Fetch-Mode", "navigate"))
                                .status())
                        .isEqualTo(200);
                assertThat(server.send(server.request("/v1/deny")
                                        .header("Sec-Fetch-Site", site)
                                        .header("Sec-Fetch-Mode", "navigate"))
                                .status())
                        .isEqualTo(403);
            }
            for (String site : List.of("same-origin", "none")) {
                assertThat(server.send(server.request("/v1/deny").header("Sec-Fetch-Site", site))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    static double metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
