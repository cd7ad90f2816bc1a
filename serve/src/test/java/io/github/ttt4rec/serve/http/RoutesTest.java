package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests each route with well-formed requests. */
class RoutesTest {
    @TempDir
    private static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                directory,
                ServerConfig.local()
                        .withNames(Map.of("i1", "Mug, red", "i12", "Red lamp", "i2", "Grüner Krug"))
                        .withExampleUsers(List.of("anna"))
                        .withFiles(directory, directory.resolve("state.db")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void eventsComeAloneInArraysAndInLines() {
        assertThat(results(server.post("/v1/events", """
                {"user":"anna","item":"i1","time":"2025-01-31T13:00:00.123456+01:00","event_id":"a"}""")))
                .hasToString("[{\"status\":\"accepted\",\"position\":0,\"event_id\":\"a\"}]");
        JsonNode many = results(server.post("/v1/events", """
                [{"user":"anna","item":"i2","time":1738324800000,"event_id":"b"},
                 {"user":"anna","item":"i1","event_id":"a"},
                 {"user":"bert","item":"not in the catalogue"}]"""));
        assertThat(statuses(many)).containsExactly("accepted", "duplicate", "accepted_unknown_item");
        assertThat(many.get(1).get("position").intValue()).isZero();
        JsonNode lines = results(server.lines(
                "/v1/events",
                "{\"user\":\"anna\",\"item\":\"i3\"}\n\n  \r\n{\"user\":\"bert\",\"item\":\"i4\"}"
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(statuses(lines)).containsExactly("accepted", "accepted");

        JsonNode anna = server.get("/v1/users/anna").json();
        assertThat(anna.get("events").intValue()).isEqualTo(3);
        assertThat(anna.get("history").values())
                .extracting(each -> each.get("item").stringValue())
                .containsExactly("i1", "i2", "i3");
        JsonNode first = anna.get("history").get(0);
        assertThat(first.get("time").stringValue()).isEqualTo("2025-01-31T12:00:00.123456Z");
        assertThat(first.get("name").stringValue()).isEqualTo("Mug, red");
        assertThat(first.get("inner_loss").doubleValue()).isPositive();
        assertThat(first.get("change").doubleValue()).isPositive();
        assertThat(server.get("/v1/users/anna?limit=1").json().get("history").size())
                .isEqualTo(1);
    }

    @Test
    void oneWrongEventDoesNotKeepTheOthersOut() {
        byte[] lines = concat(
                "{\"user\":\"u\",\"item\":\"i1\"}\n".getBytes(StandardCharsets.UTF_8),
                new byte[] {'{', '"', (byte) 0xC3, '"', '\n'},
                "nonsense\n".getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\",\"item\":true}\n".getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\"}\n".getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\",\"item\":\"i2\",\"tme\":1}\n".getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\",\"item\":\"i2\",\"time\":\"yesterday\"}\n".getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\",\"item\":\"\\ud800\"}\n".getBytes(StandardCharsets.UTF_8),
                ("{\"user\":\"u\",\"item\":\"" + "x".repeat(513) + "\"}\n").getBytes(StandardCharsets.UTF_8),
                "{\"user\":\"u\",\"item\":\"i3\"}\n".getBytes(StandardCharsets.UTF_8));
        JsonNode results = results(server.lines("/v1/events", lines));
        assertThat(results.values())
                .extracting(each -> each.get("status").stringValue())
                .containsExactly(
                        "accepted",
                        "rejected",
                        "rejected",
                        "rejected",
                        "rejected",
                        "rejected",
                        "rejected",
                        "rejected",
                        "rejected",
                        "accepted");
        assertThat(results.get(1).toString()).isEqualTo("""
                {"status":"rejected","index":1,"error":"not valid UTF-8"}""");
        assertThat(results.get(3).toString()).isEqualTo("""
                {"status":"rejected","index":3,"field":"item","error":"item must be a string or a whole number"}""");
        assertThat(results.get(4).get("error").stringValue()).isEqualTo("item is missing");
        assertThat(results.get(5).get("error").stringValue()).isEqualTo("unknown member 'tme', did you mean 'time'?");
        assertThat(results.get(6).get("field").stringValue()).isEqualTo("time");
        assertThat(results.get(7).get("error").stringValue()).contains("surrogate");
        assertThat(results.get(8).get("error").stringValue()).contains("513", "512");
        assertThat(TestServer.items(history("u"))).containsExactly("i1", "i3");
    }

    @Test
    void requestWithoutValidEventsIsAnsweredWithAnErrorStatus() {
        Reply one = server.post("/v1/events", "{\"user\":\"invalid\",\"itm\":\"i1\"}");
        assertThat(one.status()).isEqualTo(400);
        assertThat(one.contentType()).isEqualTo("application/problem+json");
        assertThat(one.json().get("detail").stringValue()).isEqualTo("unknown member 'itm', did you mean 'item'?");
        assertThat(statuses(one.json().get("results"))).containsExactly("rejected");
        Reply many = server.post("/v1/events", "[1, null]");
        assertThat(many.status()).isEqualTo(400);
        assertThat(statuses(many.json().get("results"))).containsExactly("rejected", "rejected");
        assertThat(server.get("/v1/users/invalid").status()).isEqualTo(404);
    }

    @Test
    void idsAreAnyText() throws IOException {
        String strange = "a/b?c=d&e%f;g,h \"'<\\u0000\\n€😀../";
        server.post("/v1/events", "{\"user\":\"" + strange.replace("\"", "\\\"") + "\",\"item\":\"i1\"}");
        String path = "/v1/users/a%2Fb%3Fc%3Dd%26e%25f%3Bg%2Ch%20%22%27%3C%00%0A%E2%82%AC%F0%9F%98%80..%2F";
        JsonNode user = server.get(path).json();
        assertThat(user.get("user").stringValue()).isEqualTo("a/b?c=d&e%f;g,h \"'<\u0000\n€😀../");
        assertThat(server.get(path + "/recommendations").json().get("events").intValue())
                .isEqualTo(1);
        // Characters that are not percent-encoded stay unchanged.
        server.post("/v1/events", "{\"user\":\"x;y=1+2\",\"item\":\"i1\"}");
        assertThat(RawClient.exchange(server.port(), "GET /v1/users/x;y=1+2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(server.delete(path).status()).isEqualTo(204);
        assertThat(server.get(path).status()).isEqualTo(404);
    }

    @Test
    void recommendsToUsersWhomItKnowsAndToThoseItDoesNot() {
        server.post("/v1/events", "[{\"user\":\"carla\",\"item\":\"i4\"},{\"user\":\"carla\",\"item\":\"i5\"}]");
        JsonNode anna = server.get("/v1/users/carla/recommendations?k=3").json();
        assertThat(anna.get("user").stringValue()).isEqualTo("carla");
        assertThat(anna.get("basis").stringValue()).isEqualTo("personal");
        assertThat(anna.get("events").intValue()).isEqualTo(2);
        assertThat(anna.get("model_version").stringValue())
                .isEqualTo(TestServer.model().version());
        assertThat(TestServer.items(anna)).hasSize(3);

        JsonNode same = server.post("/v1/recommendations", "{\"history\":[\"i4\",\"i5\"],\"k\":3}")
                .json();
        assertThat(same.get("items").toString()).isEqualTo(anna.get("items").toString());
        assertThat(same.has("user")).isFalse();
        JsonNode frozen = server.post("/v1/recommendations", "{\"history\":[\"i4\",\"i5\"],\"k\":3,\"frozen\":true}")
                .json();
        assertThat(frozen.get("items").toString())
                .isNotEqualTo(anna.get("items").toString());

        JsonNode stranger = server.get("/v1/users/nobody/recommendations").json();
        assertThat(stranger.get("basis").stringValue()).isEqualTo("popularity");
        assertThat(TestServer.items(stranger)).hasSize(10);
        assertThat(server.post("/v1/recommendations", "{\"history\":[]}")
                        .json()
                        .get("basis")
                        .stringValue())
                .isEqualTo("popularity");
    }

    @Test
    void filtersWhatIsRecommended() {
        server.post("/v1/events", "{\"user\":\"filter\",\"item\":\"i4\"}");
        String all = "/v1/users/filter/recommendations?k=100";
        assertThat(TestServer.items(server.get(all).json())).hasSize(TestServer.ITEMS);
        assertThat(TestServer.items(server.get(all + "&exclude_seen=true").json()))
                .doesNotContain("i4");
        assertThat(TestServer.items(server.get(all + "&exclude=i5,i6").json()))
                .hasSize(TestServer.ITEMS - 2)
                .doesNotContain("i5", "i6");
        assertThat(TestServer.items(server.get(all + "&only=i5,i6,a%2Cb").json()))
                .containsExactlyInAnyOrder("i5", "i6");
        assertThat(TestServer.items(server.post("/v1/recommendations", """
                {"history":["i4"],"only":["i4","i5","i6"],"exclude":["i5"],"exclude_seen":true}""").json()))
                .containsExactly("i6");

        assertThat(server.put("/v1/items/i7/availability", "{\"available\":false}")
                        .body())
                .isEqualTo("{\"item\":\"i7\",\"available\":false,\"known\":true}");
        assertThat(server.put("/v1/items/unheard-of/availability", "{\"available\":false}")
                        .body())
                .contains("\"known\":false");
        assertThat(server.put("/v1/deny", "{\"items\":[\"i8\",\"nothing\"]}").body())
                .isEqualTo("{\"items\":[\"i8\",\"nothing\"],\"unknown\":[\"nothing\"]}");
        assertThat(server.get("/v1/deny").body())
                .startsWith("{\"items\":[\"i8\",\"nothing\"],\"unavailable\":[\"i7\",");
        for (String item : List.of("i7", "i8")) {
            assertThat(server.get("/v1/items/" + item).body()).contains("\"known\":true,\"available\":false");
        }
        assertThat(server.get("/v1/items/i9").body()).contains("\"known\":true,\"available\":true");
        assertThat(TestServer.items(server.get(all).json())).doesNotContain("i7", "i8");
        assertThat(TestServer.items(server.get("/v1/items/i6/similar?k=100").json()))
                .doesNotContain("i6", "i7", "i8")
                .hasSize(TestServer.ITEMS - 3);
        server.put("/v1/items/i7/availability", "{\"available\":true}");
        server.put("/v1/deny", "{\"items\":[]}");
        assertThat(TestServer.items(server.get(all).json())).hasSize(TestServer.ITEMS);
    }

    @Test
    void findsItemsByNameAndId() {
        assertThat(TestServer.items(server.get("/v1/items?query=RED").json())).containsExactly("i12", "i1");
        assertThat(TestServer.items(server.get("/v1/items?query=mug+red").json()))
                .containsExactly("i1");
        assertThat(TestServer.items(server.get("/v1/items?query=gr%C3%BCn").json()))
                .containsExactly("i2");
        assertThat(TestServer.items(server.get("/v1/items?query=i2&limit=3").json()))
                .hasSize(3)
                .startsWith("i2");
        assertThat(TestServer.items(
                        server.get("/v1/items?query=nothing%20like%20it").json()))
                .isEmpty();
        assertThat(TestServer.items(server.get("/v1/items?limit=1000").json())).hasSize(TestServer.ITEMS);
        JsonNode named = server.get("/v1/items?query=i12").json().get("items").get(0);
        assertThat(named.toString()).isEqualTo("{\"item\":\"i12\",\"name\":\"Red lamp\"}");
    }

    @Test
    void pagesOfASearchHaveEachItemOnceInTheOrderOfOnePage() {
        for (String query : List.of("", "i1", "i", "mug", "red")) {
            List<String> whole = TestServer.items(
                    server.get("/v1/items?limit=1000&query=" + query).json());
            List<String> paged = new ArrayList<>();
            String next = "";
            do {
                JsonNode page =
                        server.get("/v1/items?limit=3&query=" + query + next).json();
                assertThat(page.get("total").intValue()).as(query).isEqualTo(whole.size());
                paged.addAll(TestServer.items(page));
                next = page.has("next") ? "&after=" + page.get("next").stringValue() : "";
            } while (!next.isEmpty());
            assertThat(paged).as(query).isEqualTo(whole);
        }
        TestServer.Reply unknown = server.get("/v1/items?after=unheard-of");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body()).contains("after: the model does not know this item");
    }

    @Test
    void earlierEventsOfAUserComeInPages() {
        for (int i = 0; i < 7; i++) {
            server.post("/v1/events", "{\"user\":\"paged\",\"item\":\"i" + i + "\"}");
        }
        assertThat(positions(server.get("/v1/users/paged?limit=3").json())).containsExactly(4, 5, 6);
        assertThat(positions(server.get("/v1/users/paged?limit=3&before=4").json()))
                .containsExactly(1, 2, 3);
        assertThat(positions(server.get("/v1/users/paged?limit=3&before=1").json()))
                .containsExactly(0);
        assertThat(server.get("/v1/users/paged?before=0").body()).contains("before must be a whole number from 1");
    }

    private static List<Integer> positions(JsonNode user) {
        return user.get("history").values().stream()
                .map(event -> event.get("position").intValue())
                .toList();
    }

    @Test
    void copiesTheStore() {
        server.post("/v1/events", "{\"user\":\"copy\",\"item\":\"i4\"}");
        JsonNode copy = server.send(server.request("/v1/backup").POST(BodyPublishers.noBody()))
                .json();
        Path file = directory.resolve(copy.get("file").stringValue());
        assertThat(file).hasSize(copy.get("bytes").longValue());
        assertThat(file.getFileName().toString()).startsWith("state.db.").endsWith(".backup");
    }

    @Test
    void forgetsUsers() {
        server.post("/v1/events", "{\"user\":\"forget\",\"item\":\"i4\"}");
        assertThat(server.delete("/v1/users/forget").status()).isEqualTo(204);
        assertThat(server.delete("/v1/users/forget").status()).isEqualTo(404);
        assertThat(server.get("/v1/users/forget/recommendations")
                        .json()
                        .get("basis")
                        .stringValue())
                .isEqualTo("popularity");
    }

    @Test
    void healthAndMetrics() {
        assertThat(server.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(server.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
        server.post("/v1/events", "{\"user\":\"metrics\",\"item\":\"i4\"}");
        server.get("/v1/users/metrics/recommendations");
        server.get("/no/such/path/" + "x".repeat(100));
        Reply metrics = server.get("/metrics");
        assertThat(metrics.contentType()).startsWith("text/plain");
        assertThat(metrics.body())
                .contains("ttt4rec_http_requests_seconds_bucket{method=\"GET\","
                        + "route=\"/v1/users/{id}/recommendations\",status=\"2xx\",le=\"0.01\"}")
                .contains("ttt4rec_http_requests_seconds_count{method=\"none\",route=\"none\",status=\"4xx\"}")
                .containsPattern("(?m)^ttt4rec_events [1-9]")
                .containsPattern("(?m)^ttt4rec_events_accepted_total [1-9]")
                .contains("ttt4rec_cache_limit_bytes")
                .contains("ttt4rec_replays_total")
                .contains("ttt4rec_store_commit_seconds_total")
                .contains("ttt4rec_model{policy=\"HOP\",")
                .contains("version=\"" + TestServer.model().version() + "\"")
                .contains("jvm_memory_used_bytes")
                .contains("process_files_open_files");
    }

    @Test
    void pageIsServedWithSecurityHeaders() {
        Reply page = server.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(server.get("/index.html").body()).isEqualTo(page.body());
        Reply again = server.send(server.request("/").header("If-None-Match", page.header("ETag")));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        for (String no : List.of(
                "/nothing.js",
                "/index.xyz",
                "/package-info.class",
                "/..%2Fhttp%2Fopenapi.yaml",
                "/%2e%2e%2fhttp%2fopenapi.yaml",
                "/.hidden.html",
                "/page/index.html",
                "/INDEX.html")) {
            assertThat(server.get(no).status()).as(no).isEqualTo(404);
        }
        assertThat(server.get("/openapi.yaml").contentType()).isEqualTo("application/yaml");
    }

    @Test
    void connectionsGoOnUnlessAskedToEnd() throws IOException {
        try (RawClient client = server.raw()) {
            String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request + "\r\n").reply().orElseThrow().closes())
                        .isFalse();
            }
            assertThat(client.send(request + "Connection: close\r\n\r\n")
                            .reply()
                            .orElseThrow()
                            .closes())
                    .isTrue();
            assertThat(client.reply()).isEmpty();
        }
    }

    @Test
    void getAnswersHeadToo() throws IOException {
        try (RawClient client = server.raw()) {
            // If the answer had a body, the next answer could not be read.
            for (String path : List.of("/", "/health/live", "/v1/model", "/nowhere")) {
                RawClient.Reply head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .headReply()
                        .orElseThrow();
                assertThat(head.status()).isEqualTo(path.equals("/nowhere") ? 404 : 200);
            }
        }
    }

    private static JsonNode history(String user) {
        JsonNode history = server.get("/v1/users/" + user).json().get("history");
        return TestServer.JSON.createObjectNode().set("items", history);
    }

    private static JsonNode results(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.contentType()).isEqualTo("application/json");
        return reply.json().get("results");
    }

    private static List<String> statuses(JsonNode results) {
        return results.values().stream()
                .map(each -> each.get("status").stringValue())
                .toList();
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
