package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that wrong requests are refused with one line that reveals no internals. */
class ErrorsTest {
    @TempDir
    private static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(directory, ServerConfig.local());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/users/u/recommendations?kk=3 | unknown parameter 'kk', did you mean 'k'?",
                "/v1/users/u/recommendations?k=0 | k must be a whole number from 1 to 1000",
                "/v1/users/u/recommendations?k=1001 | k must be a whole number from 1 to 1000",
                "/v1/users/u/recommendations?k=99999999999999999999 | k must be a whole number from 1 to 1000",
                "/v1/users/u/recommendations?k=-1 | k must be a whole number from 1 to 1000",
                "/v1/users/u/recommendations?k=3&k=4 | k is given twice",
                "/v1/users/u/recommendations?exclude_seen=yes | exclude_seen must be true or false",
                "/v1/users/u/recommendations?exclude=a,,b | exclude: the id is empty",
                "/v1/users/u/recommendations?exclude=%FF | exclude is not valid UTF-8",
                "/v1/users/u?limit=x | limit must be a whole number from 1 to 1000",
                "/v1/users//recommendations | user: the id is empty",
                "/v1/users/%C3%28 | the path is not valid UTF-8",
                "/v1/users/%ED%A0%80 | the path is not valid UTF-8",
                "/v1/model?verbose=1 | unknown parameter 'verbose', there are none",
                "/health/live?x | unknown parameter 'x', there are none",
            })
    void wrongParametersAreNamed(String path, String detail) {
        assertThat(problem(server.get(path), 400)).isEqualTo(detail);
    }

    /** They arrive as the same character, so that all users with such ids of one length would be the same user. */
    @Test
    void bytesThatAreNotAsciiAreRefusedInPathsAndParameters() throws IOException {
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8)) {
            assertThat(raw("/v1/users/\u00e9/recommendations", charset))
                    .contains("the path has a byte that is not ASCII: percent-encode its UTF-8");
            assertThat(raw("/v1/users/u/recommendations?exclude=\u00e9", charset))
                    .contains("\"status\":400");
        }
        assertThat(raw("/v1/users/%C3%A9/recommendations", StandardCharsets.US_ASCII))
                .contains("\"user\":\"\u00e9\"");
    }

    private static String raw(String path, Charset charset) throws IOException {
        try (RawClient client = server.raw()) {
            client.send(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(charset));
            return client.reply().orElseThrow().body();
        }
    }

    @Test
    void idsHaveALength() {
        assertThat(problem(server.get("/v1/users/" + "x".repeat(513)), 400)).contains("513", "512");
        assertThat(server.get("/v1/users/" + "x".repeat(512)).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not valid JSON, or an object with a name twice: line 1, column 2",
                "[] | a JSON object is expected",
                "null | a JSON object is expected",
                "{} | history is missing",
                "{\"history\":null} | history is missing",
                "{\"history\":\"i1\"} | history must be an array of strings",
                "{\"history\":[\"i1\",true]} | history[1] must be a string or a whole number",
                "{\"history\":[],\"k\":1.5} | k must be a whole number from 1 to 1000",
                "{\"history\":[],\"k\":1e3} | k must be a whole number from 1 to 1000",
                "{\"history\":[],\"k\":\"3\"} | k must be a whole number from 1 to 1000",
                "{\"history\":[],\"exclude_seen\":1} | exclude_seen must be true or false",
                "{\"history\":[],\"excludeseen\":true} |"
                        + " unknown member 'excludeseen', did you mean 'exclude_seen'?",
                "{\"history\":[],\"history\":[]} |"
                        + " not valid JSON, or an object with a name twice: line 1, column 24",
                "{\"history\":[]} {} | not valid JSON, or an object with a name twice: line 1, column 16",
            })
    void wrongBodiesAreExplained(String body, String detail) {
        assertThat(problem(server.post("/v1/recommendations", body), 400)).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"history":[[[[[[[[[[[[]]]]]]]]]]]]} | values are nested more than 8 deep
            {"history":[],"k":111111111111111111111111111111111111111111111111111} | a number has more than 32 digits or too large
            {"history":[],"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk":1} | a name has more than 64
            """)
    void jsonHasItsBounds(String body, String detail) {
        assertThat(problem(server.post("/v1/recommendations", body), 400)).startsWith(detail);
    }

    @Test
    void frozenNeedsSomethingToFreezeAndItemsMustBeKnown() {
        assertThat(problem(server.get("/v1/items/none/similar"), 404)).isEqualTo("the model does not know this item");
        assertThat(problem(server.post("/v1/model", "{\"directory\":\"x\"}"), 403))
                .contains("without a directory");
        assertThat(problem(server.send(server.request("/v1/backup").POST(BodyPublishers.noBody())), 403))
                .contains("does not keep its events");
    }

    @Test
    void methodsAndPaths() {
        Reply method = server.send(server.request("/v1/events"));
        assertThat(problem(method, 405)).isEqualTo("here are only: POST");
        assertThat(method.header("Allow")).isEqualTo("POST");
        assertThat(server.post("/v1/deny", "{}").header("Allow")).isEqualTo("GET, HEAD, PUT");
        assertThat(server.post("/v1/users/u", "{}").header("Allow")).isEqualTo("DELETE, GET, HEAD");
        for (String path :
                new String[] {"/v1", "/v1/", "/v1/events/", "/v2/events", "/v1//events", "/v1/users/u/x", "/x/y"}) {
            assertThat(problem(server.get(path), 404)).startsWith("nothing here");
        }
    }

    @Test
    void typesOfBodies() {
        for (String type :
                new String[] {"text/plain", "application/xml", "application/json; charset=latin1", "", ";"}) {
            Reply reply = server.send(server.request("/v1/recommendations")
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString("{\"history\":[]}")));
            assertThat(problem(reply, 415)).as(type).isEqualTo("send application/json, in UTF-8");
        }
        assertThat(problem(
                        server.send(server.request("/v1/recommendations")
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofString("{\"history\":[]}"))),
                        415))
                .isEqualTo("send application/json, in UTF-8");
        assertThat(server.send(server.request("/v1/recommendations")
                                .header("Content-Type", "Application/JSON;charset=\"UTF-8\"")
                                .POST(BodyPublishers.ofString("{\"history\":[]}")))
                        .status())
                .isEqualTo(200);
        assertThat(problem(server.send(server.request("/v1/events").POST(BodyPublishers.noBody())), 415))
                .startsWith("send application/json or application/x-ndjson");
        assertThat(problem(
                        server.send(server.request("/v1/users/u").method("DELETE", BodyPublishers.ofString("x"))), 400))
                .isEqualTo("this takes no body");
        assertThat(problem(server.post("/v1/events", ""), 400)).isEqualTo("empty, and JSON is expected");
        assertThat(problem(server.post("/v1/events", "[]"), 400)).isEqualTo("no events");
    }

    /** Bytes that are not HTTP/1.1 are answered with a problem document, and their connection is closed. */
    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/2.0\r\nHost: localhost\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: lo cal\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: localhost\r\na b: c\r\n\r\n', 400",
        "'GET / HTTP/1.1\nHost: localhost\n\n', 400",
        "'GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400",
        "'GET\r\n\r\n', 400",
        "'GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', 400",
        "'\u0001\u0002\u0003\u0004\r\n\r\n', 400",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', 400",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1x\r\n\r\n', 400",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n', 400",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n', 413",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 400",
        "'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n', 400",
    })
    void malformedHttp(String request, int status) throws IOException {
        try (RawClient client = server.raw()) {
            RawClient.Reply reply = client.send(request).reply().orElseThrow();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("Content-Type")).contains("application/problem+json");
            assertThat(reply.body()).contains("\"type\":\"about:blank\"", "\"status\":" + status);
            assertThat(reply.body()).doesNotContain("helidon", "Exception", "java");
            assertThat(reply.closes()).isTrue();
            assertThat(client.reply()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void tooMuchBeforeTheBody() throws IOException {
        String end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(RawClient.exchange(server.port(), "GET /" + "x".repeat(20_000) + end)
                        .status())
                .isEqualTo(414);
        assertThat(RawClient.exchange(
                                server.port(),
                                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    /** A request that ends early is a client error, never a failure of the server. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nHost: loc",
                RawClient.EVENT_REQUEST + "Content-Length: 50\r\n\r\n{\"user\":",
                RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"us",
                RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\nhello\r\n",
            })
    void earlyEnds(String request) throws IOException {
        try (RawClient client = server.raw()) {
            Optional<RawClient.Reply> reply = client.send(request).end().reply();
            assertThat(reply.map(RawClient.Reply::status).orElse(400)).isEqualTo(400);
            assertThat(client.reply()).isEmpty();
        }
        assertThat(server.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void failuresOfTheStoreAreLoggedAndNotShown(@TempDir Path other) {
        List<LogRecord> logged = new ArrayList<>();
        Logger logger = Logger.getLogger(Dispatcher.class.getName());
        Handler keep = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(keep);
        logger.setUseParentHandlers(false);
        try (TestServer failing = TestServer.start(other, ServerConfig.local())) {
            failing.engine().close();
            Reply reply = failing.post("/v1/events", "{\"user\":\"u\",\"item\":\"i1\"}");
            assertThat(problem(reply, 503))
                    .matches("the event store failed; its log says why under error [0-9a-f]{8}; send events again .*");
            assertThat(reply.body()).doesNotContain(other.toString());
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(problem(failing.get("/health/ready"), 503)).isEqualTo("the event store has just failed");
            assertThat(failing.get("/health/live").status()).isEqualTo(200);
            assertThat(logged).singleElement().satisfies(entry -> {
                String id = reply.json().get("detail").stringValue().replaceAll(".*error ([0-9a-f]{8}).*", "$1");
                assertThat(entry.getMessage())
                        .startsWith("error " + id + " in POST /v1/events: ")
                        .contains(other.toString());
                assertThat(entry.getThrown()).as("one line says all").isNull();
            });
        } finally {
            logger.removeHandler(keep);
            logger.setUseParentHandlers(true);
        }
    }

    private static String problem(Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.contentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().get("status").intValue()).isEqualTo(status);
        assertThat(reply.json().get("type").stringValue()).isEqualTo("about:blank");
        assertThat(reply.body()).doesNotContain("Exception", "io.github", "tools.jackson", directory.toString());
        return reply.json().get("detail").stringValue();
    }
}
