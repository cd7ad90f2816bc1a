package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreCheck;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests that impressions without a click demote an item, are counted by place, and are stored and deleted with their
 * user.
 */
class ImpressionsTest {
    private static final String LIST = "/v1/users/u/recommendations?scenario=home&k=5";

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(directory, ServerConfig.local());
        server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i3\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart() {
        server.close();
        server = TestServer.start(directory, ServerConfig.local());
    }

    private void scenario(String impressions) {
        Reply reply = server.put("/v1/scenarios/home", "{\"impressions\":" + impressions + "}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    private List<String> list() {
        return TestServer.items(server.get(LIST).json());
    }

    private Reply show(String user, List<String> items, String more) {
        return server.post(
                "/v1/impressions",
                "{\"user\":\"" + user + "\",\"items\":[\"" + String.join("\",\"", items) + "\"]" + more + "}");
    }

    @Test
    void shownItemsComeLaterTheMoreOftenAndTheLaterTheyWereShown() {
        scenario("{\"fade\":10}");
        List<String> first = list();
        assertThat(show("u", first.subList(0, 2), "").status()).isEqualTo(200);
        List<String> second = list();
        assertThat(second).hasSize(5).doesNotContainAnyElementsOf(first.subList(0, 2));
        assertThat(second.subList(0, 3)).isEqualTo(first.subList(2, 5));
        assertThat(TestServer.items(
                        server.get("/v1/users/u/recommendations?k=5").json()))
                .as("lists of other scenarios")
                .isEqualTo(first);
        restart();
        assertThat(list()).as("after a restart").isEqualTo(second);
        server.post("/v1/events", "{\"user\":\"v\",\"item\":\"i3\"}");
        assertThat(TestServer.items(server.get("/v1/users/v/recommendations?scenario=home&k=5")
                        .json()))
                .as("lists of other users")
                .isEqualTo(first);
        String longAgo = Instant.now().minus(Duration.ofDays(80)).toString();
        show("v", first.subList(0, 1), ",\"time\":\"" + longAgo + "\"");
        assertThat(TestServer.items(server.get("/v1/users/v/recommendations?scenario=home&k=5")
                        .json()))
                .as("shown long ago")
                .isEqualTo(first);
    }

    @Test
    void itemShownTooOftenIsLeftOutUntilItIsTaken() {
        scenario("{\"cap\":2}");
        List<String> first = list();
        show("u", first, "");
        assertThat(list()).isEqualTo(first);
        show("u", first.subList(0, 1), "");
        assertThat(list()).doesNotContain(first.getFirst()).contains(first.get(1));
        server.post("/v1/events", "{\"user\":\"u\",\"item\":\"" + first.getFirst() + "\"}");
        assertThat(TestServer.items(server.get("/v1/users/u/recommendations?scenario=home&k=30")
                        .json()))
                .contains(first.getFirst());
        show("u", List.of("i9"), "");
        show("u", List.of("i9"), "");
        JsonNode empty =
                server.get("/v1/users/u/recommendations?scenario=home&only=i9").json();
        assertThat(empty.get("emptied_by").stringValue()).isEqualTo("impressions");
    }

    @Test
    void placesCountWhatWasShownAndTaken() {
        show("u", List.of("i1", "i2", "i5"), ",\"scenario\":\"home\",\"list\":\"a\"");
        assertThat(show("u", List.of("i1", "i2", "i5"), ",\"scenario\":\"home\",\"list\":\"a\"")
                        .body())
                .as("sent again")
                .isEqualTo("{\"counted\":0,\"duplicates\":3}");
        show("w", List.of("i1", "i2"), ",\"scenario\":\"other\",\"list\":\"first\"");
        show("w", List.of("i2"), ",\"scenario\":\"other\",\"list\":\"second\"");
        show("w", List.of("i2"), ",\"scenario\":\"other\"");
        assertThat(show("w", List.of("i1", "i2"), ",\"scenario\":\"other\",\"list\":\"first\"")
                        .body())
                .as("sent again after other lists with the same item")
                .isEqualTo("{\"counted\":0,\"duplicates\":2}");
        server.post("/v1/events", "[{\"user\":\"u\",\"item\":\"i2\"},{\"user\":\"v\",\"item\":\"i1\"}]");
        String longAgo = Instant.now().minus(Duration.ofDays(2)).toString();
        show("v", List.of("i7"), ",\"scenario\":\"page\",\"time\":\"" + longAgo + "\"");
        server.post("/v1/events", "{\"user\":\"v\",\"item\":\"i7\"}");
        restart();
        assertThat(server.get("/v1/impressions").body())
                .isEqualTo("{\"places\":["
                        + "{\"scenario\":\"home\",\"place\":1,\"shown\":1,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"home\",\"place\":2,\"shown\":1,\"taken\":1,\"rate\":1.0},"
                        + "{\"scenario\":\"home\",\"place\":3,\"shown\":1,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"other\",\"place\":1,\"shown\":3,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"other\",\"place\":2,\"shown\":1,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"page\",\"place\":1,\"shown\":1,\"taken\":0,\"rate\":0.0}]}");
        show("u", List.of("i8"), "");
        assertThat(server.get("/metrics").body()).contains("ttt4rec_impressions_shown_total 1.0");
    }

    @Test
    void listCanBeCountedAsShownByItsRequest() {
        scenario("{\"cap\":1}");
        JsonNode first = server.get("/v1/users/u/recommendations?scenario=home&k=3&shown=true")
                .json();
        assertThat(first.get("list").stringValue()).hasSize(36);
        assertThat(list()).hasSize(5).doesNotContainAnyElementsOf(TestServer.items(first));
        assertThat(show(
                                "u",
                                TestServer.items(first),
                                ",\"scenario\":\"home\",\"list\":\""
                                        + first.get("list").stringValue() + "\"")
                        .body())
                .as("reported as well")
                .isEqualTo("{\"counted\":0,\"duplicates\":3}");
        String shelves = "\"shown\":true,\"shelves\":[{\"kind\":\"personal\",\"k\":2,\"scenario\":\"home\"},"
                + "{\"kind\":\"personal\",\"name\":\"none\",\"filter\":\"item = 'x'\"}]}";
        JsonNode lists =
                server.post("/v1/shelves", "{\"user\":\"u\"," + shelves).json().get("shelves");
        assertThat(list()).doesNotContainAnyElementsOf(TestServer.items(lists.get(0)));
        assertThat(lists.get(0).has("list")).isTrue();
        assertThat(lists.get(1).has("list")).as("of an empty list").isFalse();
        assertThat(server.get("/v1/impressions").body())
                .isEqualTo("{\"places\":["
                        + "{\"scenario\":\"home\",\"place\":1,\"shown\":2,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"home\",\"place\":2,\"shown\":2,\"taken\":0,\"rate\":0.0},"
                        + "{\"scenario\":\"home\",\"place\":3,\"shown\":1,\"taken\":0,\"rate\":0.0}]}");
        Reply nobody = server.post("/v1/shelves", "{" + shelves);
        assertThat(nobody.status()).isEqualTo(400);
        assertThat(nobody.body()).contains("shown: only the lists of a user are counted as shown");
    }

    @Test
    void forgettingAUserForgetsWhatTheUserWasShown() throws Exception {
        show("somebody-with-events", List.of("i1"), "");
        server.post("/v1/events", "{\"user\":\"somebody-with-events\",\"item\":\"i2\"}");
        show("somebody-without-events", List.of("i1"), "");
        assertThat(server.delete("/v1/users/somebody-with-events").status()).isEqualTo(204);
        assertThat(server.delete("/v1/users/somebody-without-events").status()).isEqualTo(204);
        assertThat(server.delete("/v1/users/somebody-without-events").status()).isEqualTo(404);
        while (server.engine().erasing()) {
            Thread.sleep(20);
        }
        server.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("somebody-with");
            }
        }
    }

    @Test
    void wrongReportsSayWhatIsWrong() {
        for (String[] each : new String[][] {
            {"{}", "user is missing"},
            {"{\"user\":\"u\",\"items\":[]}", "items must name the items that were shown"},
            {"{\"user\":\"u\",\"items\":[\"a\",\"a\"]}", "an item is in the list twice"},
            {"{\"user\":\"u\",\"items\":[\"a\"],\"scenario\":\"a b\"}", "a name has 1 to 64 letters"},
            {"{\"user\":\"u\",\"items\":[\"a\"],\"time\":\"noon\"}", "time: "},
        }) {
            Reply reply = server.post("/v1/impressions", each[0]);
            assertThat(reply.status()).as(each[0]).isEqualTo(400);
            assertThat(reply.json().get("detail").stringValue()).contains(each[1]);
        }
        for (String[] each : new String[][] {
            {"{}", "impressions: must have fade or cap"},
            {"{\"fade\":11}", "impressions.fade: must be a number from 0.0 to 10.0"},
            {"{\"cap\":0}", "impressions.cap: must be a whole number from 1 to 1000"},
            {"{\"cap\":1,\"cap_day\":1}", "impressions.cap_day: unknown member, did you mean 'cap_days'?"},
        }) {
            Reply reply = server.put("/v1/scenarios/home", "{\"impressions\":" + each[0] + "}");
            assertThat(reply.status()).as(each[0]).isEqualTo(400);
            assertThat(reply.json().get("detail").stringValue()).isEqualTo(each[1]);
        }
    }

    @Test
    void damagedRecordsAreFoundLeftOutAndNotSaved() throws SQLException, IOException {
        scenario("{\"cap\":1}");
        server.put("/v1/scenarios/page", "{\"k\":3}");
        server.put("/v1/items/i1", "{\"labels\":[\"sale\"]}");
        server.put("/v1/items/i2", "{\"labels\":[\"sale\"]}");
        show("u", List.of("i1", "i2"), "");
        server.close();
        Path file = directory.resolve("state.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE item_attributes SET attributes = '{\"labels\":[\"salt\"]}' WHERE name = 'i1'");
            statement.execute("UPDATE scenario SET definition = '{\"k\":4}' WHERE name = 'page'");
            statement.execute("UPDATE impression SET shown = 7 WHERE item = 'i1'");
        }
        assertThat(StoreCheck.of(file).check().findings())
                .containsExactly(
                        "1 records of items' attributes do not match their checksums",
                        "1 scenarios do not match their checksums",
                        "1 records of items that were shown do not match their checksums");
        Path saved = Files.createDirectories(directory.resolve("saved")).resolve("state.db");
        assertThat(StoreCheck.of(file).saveTo(saved).catalogue()).isFalse();
        assertThat(StoreCheck.of(saved).check().findings()).isEmpty();
        try (EventStore store = EventStore.open(saved, StoreConfig.defaults())) {
            assertThat(store.shown("u")).extracting(item -> item.item()).containsExactly("i2");
            assertThat(store.places()).hasSize(2);
            assertThat(store.scenarios()).containsOnlyKeys("home");
            assertThat(store.items("", 9)).extracting(item -> item.id()).containsExactly("i2");
        }
        server = TestServer.start(directory, ServerConfig.local());
        assertThat(server.engine().notes())
                .anySatisfy(note -> assertThat(note).contains("items' attributes", "are not used"))
                .anySatisfy(note -> assertThat(note).contains("1 scenarios"));
        assertThat(server.get("/v1/items/i1").body()).doesNotContain("salt", "sale");
        assertThat(TestServer.items(server.get("/v1/users/u/recommendations?k=30&filter=label%3D'sale'")
                        .json()))
                .containsExactly("i2");
    }
}
