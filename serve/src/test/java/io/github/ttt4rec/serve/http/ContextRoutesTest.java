package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The context of events and of requests; the test server does not learn from events. */
class ContextRoutesTest {
    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(directory, ServerConfig.local());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String parameter(String context) {
        return "context=" + URLEncoder.encode(context, StandardCharsets.UTF_8);
    }

    @Test
    void contextIsShownWithItsEventAndForgottenWithItsUser() {
        assertThat(server.post("/v1/events", """
                [{"user": "u", "item": "i3", "context": {"device": " mobile ", "country": "DE", "campaign": null}},
                 {"user": "u", "item": "i4", "context": {}}, {"user": "u", "item": "i5", "context": null},
                 {"user": "u", "item": "i6"}]""").status()).isEqualTo(200);
        JsonNode history = server.get("/v1/users/u").json().get("history");
        assertThat(history.get(0).get("context"))
                .isEqualTo(TestServer.JSON.readTree("{\"country\": \"DE\", \"device\": \"mobile\"}"));
        for (int i = 1; i < 4; i++) {
            assertThat(history.get(i).has("context")).isFalse();
        }
        assertThat(server.delete("/v1/users/u").status()).isEqualTo(204);
        server.post("/v1/events", "{\"user\": \"u\", \"item\": \"i3\"}");
        assertThat(server.get("/v1/users/u").json().get("history").get(0).has("context"))
                .isFalse();
    }

    static Stream<Arguments> wrongContexts() {
        String many =
                IntStream.range(0, 9).mapToObj(i -> "\"k" + i + "\": \"v\"").collect(Collectors.joining(", "));
        String half = "\\uD83D";
        return Stream.of(
                Arguments.of("\"DE\"", "context", "context must be an object of strings"),
                Arguments.of("[\"DE\"]", "context", "context must be an object of strings"),
                Arguments.of("{" + many + "}", "context", "context: has 9 names, and 8 are allowed"),
                Arguments.of("{\"country\": 49}", "context.country", "context.country must be a string"),
                Arguments.of("{\"country\": true}", "context.country", "context.country must be a string"),
                Arguments.of("{\"country\": [\"DE\"]}", "context.country", "context.country must be a string"),
                Arguments.of(
                        "{\"country\": \" \"}", "context.country", "context.country: must have 1 to 128 characters"),
                Arguments.of(
                        "{\"country\": \"\"}", "context.country", "context.country: must have 1 to 128 characters"),
                Arguments.of(
                        "{\"country\": \"" + "x".repeat(129) + "\"}",
                        "context.country",
                        "context.country: must have 1 to 128 characters, and has 129"),
                Arguments.of(
                        "{\"country\": \"" + half + "\"}",
                        "context.country",
                        "context.country: has half a surrogate pair"),
                Arguments.of("{\"\": \"DE\"}", "context", "context: the name '' must be 1 to 64 letters"),
                Arguments.of("{\"a b\": \"DE\"}", "context", "context: the name 'a b' must be 1 to 64 letters"),
                Arguments.of(
                        "{\"referrer_item\": \"\"}", "context.referrer_item", "context.referrer_item: the id is empty"),
                Arguments.of(
                        "{\"referrer_item\": \"" + "x".repeat(513) + "\"}",
                        "context.referrer_item",
                        "context.referrer_item: the id has 513 characters"));
    }

    @ParameterizedTest
    @MethodSource("wrongContexts")
    void wrongContextIsRefusedAtItsPlace(String context, String field, String message) {
        Reply event = server.post("/v1/events", "{\"user\": \"u\", \"item\": \"i3\", \"context\": " + context + "}");
        assertThat(event.status()).isEqualTo(400);
        assertThat(event.json().get("results").get(0).get("field").stringValue())
                .isEqualTo(field);
        assertThat(event.json().get("detail").stringValue()).startsWith(message);
        for (Reply list : new Reply[] {
            server.post("/v1/recommendations", "{\"history\": [], \"context\": " + context + "}"),
            server.post("/v1/shelves", "{\"shelves\": [{\"kind\": \"personal\"}], \"context\": " + context + "}")
        }) {
            assertThat(list.status()).isEqualTo(400);
            assertThat(list.json().get("detail").stringValue()).startsWith(message);
        }
        assertThat(server.get("/v1/users/u").status()).isEqualTo(404);
    }

    @Test
    void wrongParameterIsRefused() {
        Reply notJson = server.get("/v1/users/u/recommendations?" + parameter("country=DE"));
        assertThat(notJson.status()).isEqualTo(400);
        assertThat(notJson.json().get("detail").stringValue()).startsWith("context must be a JSON object: ");
        Reply number = server.get("/v1/shelves?kinds=personal&" + parameter("{\"country\":49}"));
        assertThat(number.status()).isEqualTo(400);
        assertThat(number.json().get("detail").stringValue()).isEqualTo("context.country must be a string");
    }

    @Test
    void referrerServesUsersWithoutKnownItems() {
        String context = "{\"country\": \"DE\", \"referrer_item\": \"i7\"}";
        JsonNode after = server.post("/v1/recommendations", "{\"history\": [\"i7\"], \"k\": 5, \"exclude_seen\": true}")
                .json();
        assertThat(after.get("basis").stringValue()).isEqualTo("personal");
        for (String history : new String[] {"", "\"history\": [], ", "\"history\": [\"unknown\"], "}) {
            JsonNode referred = server.post(
                            "/v1/recommendations",
                            "{" + history + "\"context\": " + context + ", \"k\": 5, \"exclude_seen\": true}")
                    .json();
            assertThat(referred.get("basis").stringValue()).isEqualTo("referrer");
            assertThat(referred.get("items")).isEqualTo(after.get("items"));
            assertThat(referred.get("events").intValue()).isEqualTo(history.contains("unknown") ? 1 : 0);
        }
        JsonNode user = server.get("/v1/users/new/recommendations?k=5&exclude_seen=true&" + parameter(context))
                .json();
        assertThat(user.get("basis").stringValue()).isEqualTo("referrer");
        assertThat(user.get("items")).isEqualTo(after.get("items"));
        assertThat(server.get("/v1/users/new").status()).as("nothing is stored").isEqualTo(404);
        JsonNode shelves = server.post("/v1/shelves", "{\"user\": \"new\", \"context\": " + context + """
                , "shelves": [{"kind": "recently_viewed"}, {"kind": "personal", "k": 5, "exclude_seen": true}]}""")
                .json()
                .get("shelves");
        assertThat(shelves.get(0).get("items")).isEmpty();
        assertThat(shelves.get(1).get("basis").stringValue()).isEqualTo("referrer");
        assertThat(shelves.get(1).get("items")).isEqualTo(after.get("items"));
        assertThat(server.get("/v1/shelves?kinds=personal&k=5&exclude_seen=true&" + parameter(context))
                        .json()
                        .get("shelves")
                        .get(0)
                        .get("items"))
                .isEqualTo(after.get("items"));
    }

    @Test
    void unknownReferrerAndAUserWithAHistoryGetTheListsWithoutAContext() {
        JsonNode popular =
                server.post("/v1/recommendations", "{\"history\": []}").json();
        JsonNode unknown = server.post(
                        "/v1/recommendations",
                        "{\"context\": {\"referrer_item\": \"no such item\", \"country\": \"DE\"}}")
                .json();
        assertThat(unknown.get("basis").stringValue()).isEqualTo("popularity");
        assertThat(unknown.get("items")).isEqualTo(popular.get("items"));
        JsonNode own =
                server.post("/v1/recommendations", "{\"history\": [\"i3\"]}").json();
        JsonNode both = server.post(
                        "/v1/recommendations", "{\"history\": [\"i3\"], \"context\": {\"referrer_item\": \"i7\"}}")
                .json();
        assertThat(both.get("basis").stringValue()).isEqualTo("personal");
        assertThat(both.get("items")).isEqualTo(own.get("items"));
    }

    @Test
    void historyIsStillNeededWithoutAContext() {
        for (String body :
                new String[] {"{}", "{\"context\": null}", "{\"context\": {}}", "{\"context\": {\"a\": null}}"}) {
            Reply reply = server.post("/v1/recommendations", body);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().get("detail").stringValue()).isEqualTo("history is missing");
        }
        Reply types = server.post("/v1/recommendations", "{\"types\": [\"view\"], \"context\": {\"a\": \"b\"}}");
        assertThat(types.status()).isEqualTo(400);
        assertThat(types.json().get("detail").stringValue()).startsWith("types needs a history");
    }
}
