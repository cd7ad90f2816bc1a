package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Events with types and values: stored, shown, and refused if the server has no role for them. */
class EventTypesRoutesTest {
    private static final EventRoles ROLES = EventRoles.parse("buy, view=input, rating >= 4, rating=ignored");

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(
                directory, TestServer.model(), new EngineConfig(null, 1 << 20, 0, CatalogueUpdates.OFF, ROLES));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void typesAndValuesAreShownWithTheirRoles() {
        assertThat(server.post("/v1/events", """
                [{"user": "u", "item": "i3", "type": "buy"}, {"user": "u", "item": "i4", "type": "rating", "value": 2.5},
                 {"user": "u", "item": "i5", "type": "view"}]""").status()).isEqualTo(200);
        JsonNode history = server.get("/v1/users/u").json().get("history");
        assertThat(history.values().stream().map(each -> each.get("role").stringValue()))
                .containsExactly("target", "ignored", "input");
        assertThat(history.get(1).get("type").stringValue()).isEqualTo("rating");
        assertThat(history.get(1).get("value").doubleValue()).isEqualTo(2.5);
        assertThat(history.get(0).has("value")).isFalse();
        assertThat(server.get("/v1/model").json().get("event_types").stringValue())
                .isEqualTo(ROLES.toString());
    }

    @Test
    void typeWithoutARoleIsRefusedWithThoseThatHaveOne() {
        Reply reply = server.post("/v1/events", "{\"user\": \"u\", \"item\": \"i3\", \"type\": \"vew\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("detail").stringValue())
                .isEqualTo("the type 'vew' has no role: this server knows the types buy, view, rating >= 4, rating"
                        + " (--types of serve, or else of the training)");
        Reply missing = server.post("/v1/events", "{\"user\": \"u\", \"item\": \"i3\"}");
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.json().get("detail").stringValue()).startsWith("type is missing: this server knows");
        JsonNode mixed = server.post(
                        "/v1/events",
                        "[{\"user\": \"u\", \"item\": \"i3\", \"type\": \"buy\"},"
                                + " {\"user\": \"u\", \"item\": \"i3\", \"type\": \"swipe\"}]")
                .json();
        assertThat(mixed.get("results").get(0).get("status").stringValue()).isEqualTo("accepted");
        assertThat(mixed.get("results").get(1).get("field").stringValue()).isEqualTo("type");
    }

    @Test
    void historyOfARequestCountsByItsTypesAsStoredEventsDo() {
        assertThat(server.post("/v1/events", """
                [{"user": "u", "item": "i3", "type": "buy"}, {"user": "u", "item": "i4", "type": "rating", "value": 2.5},
                 {"user": "u", "item": "i5", "type": "view"}]""").status()).isEqualTo(200);
        JsonNode stored = server.get("/v1/users/u/recommendations?k=30").json();
        JsonNode given = server.post("/v1/recommendations", """
                {"history": ["i3", "i4", "i5"], "types": ["buy", "rating", "view"], "values": [null, 2.5, null], "k": 30}""").json();
        assertThat(given.get("items")).isEqualTo(stored.get("items"));
        assertThat(given.get("events").intValue()).isEqualTo(2);
        JsonNode untyped = server.post("/v1/recommendations", "{\"history\": [\"i3\", \"i5\"], \"k\": 30}")
                .json();
        assertThat(untyped.get("items"))
                .as("a model without the type as a feature")
                .isEqualTo(stored.get("items"));
    }

    @Test
    void shelvesReadTheTypesOfAHistoryAsThoseOfStoredEvents() {
        assertThat(server.post("/v1/events", """
                [{"user": "u", "item": "i3", "type": "buy"}, {"user": "u", "item": "i4", "type": "rating", "value": 2.5},
                 {"user": "u", "item": "i5", "type": "view"}]""").status()).isEqualTo(200);
        String shelves = "\"shelves\": [{\"kind\": \"recently_viewed\"}, {\"kind\": \"personal\", \"k\": 30}]}";
        JsonNode stored =
                server.post("/v1/shelves", "{\"user\": \"u\", " + shelves).json();
        JsonNode given = server.post("/v1/shelves", """
                {"history": ["i3", "i4", "i5"], "types": ["buy", "rating", "view"], "values": [null, 2.5, null],""" + shelves).json();
        assertThat(TestServer.items(given.get("shelves").get(0))).containsExactly("i5", "i3");
        assertThat(given.get("shelves")).isEqualTo(stored.get("shelves"));
        assertThat(given.get("events").intValue()).isEqualTo(2);
        Reply unneeded = server.post("/v1/shelves", "{\"user\": \"u\", \"types\": [\"buy\"], " + shelves);
        assertThat(unneeded.status()).isEqualTo(400);
        assertThat(unneeded.json().get("detail").stringValue())
                .isEqualTo("types needs a history: stored events have their own");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "types": ["buy"]               | types has 1 elements, and history has 2: give one for each
            "types": "buy"                 | types must be an array with one element for each of history
            "types": ["buy", "vew"]        | types[1]: the type 'vew' has no role: this server knows the types buy, view
            "types": ["buy", null]         | types[1]: type is missing: this server knows
            "types": ["buy", 7]            | types[1] must be a string
            "types": ["buy", ""]           | types[1]
            "values": [1, 2, 3]            | values has 3 elements, and history has 2: give one for each
            "types": ["buy", "rating"], "values": [1, "x"] | values[1] must be a number
            """)
    void typesOfAHistoryThatCannotBeAreRefused(String members, String detail) {
        String history = "{\"history\": [\"i3\", \"i4\"], " + members;
        for (Reply reply : List.of(
                server.post("/v1/recommendations", history + "}"),
                server.post("/v1/shelves", history + ", \"shelves\": [{\"kind\": \"personal\"}]}"))) {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().get("detail").stringValue()).startsWith(detail);
        }
    }

    @Test
    void wrongTypesAndValuesAreRefusedByField() {
        for (String member :
                new String[] {"\"type\": true", "\"type\": \"\"", "\"value\": \"4\"", "\"value\": 1e999"}) {
            Reply reply = server.post("/v1/events", "{\"user\": \"u\", \"item\": \"i3\", " + member + "}");
            assertThat(reply.status()).as(member).isEqualTo(400);
        }
    }

    @Test
    void serverWithoutRolesTakesAllTypesAndNone() {
        server.close();
        server = TestServer.start(directory, ServerConfig.local());
        assertThat(server.post("/v1/events", """
                [{"user": "w", "item": "i3", "type": "anything", "value": 7}, {"user": "w", "item": "i4"}]""").status()).isEqualTo(200);
        assertThat(server.get("/v1/users/w")
                        .json()
                        .get("history")
                        .get(0)
                        .get("role")
                        .stringValue())
                .isEqualTo("target");
        assertThat(server.get("/v1/model").json().has("event_types")).isFalse();
    }
}
