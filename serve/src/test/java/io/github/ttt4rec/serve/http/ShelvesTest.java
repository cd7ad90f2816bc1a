package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests lists for a shop's pages, with a model whose items mostly follow one another: i1, i2, i3 and so on. */
class ShelvesTest {
    private static final int ITEMS = 30;

    private static TrainedModel model;

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeAll
    static void train() {
        model = SmallModels.hybrid(ITEMS, 3);
    }

    @BeforeEach
    void start() {
        server = TestServer.start(directory, ServerConfig.local(), model);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void send(String user, String item, Duration ago) {
        String time = Instant.now().minus(ago).toString();
        assertThat(server.post(
                                "/v1/events",
                                "{\"user\":\"" + user + "\",\"item\":\"" + item + "\",\"time\":\"" + time + "\"}")
                        .status())
                .isEqualTo(200);
    }

    private List<JsonNode> shelves(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return List.copyOf(reply.json().get("shelves").values());
    }

    @Test
    void listsOfOneRequestHaveNoItemTwice() {
        send("u", "i3", Duration.ofMinutes(2));
        send("u", "i4", Duration.ofMinutes(1));
        List<JsonNode> shelves = shelves(server.post("/v1/shelves", """
                {"user":"u","shelves":[
                  {"kind":"recently_viewed"},{"kind":"personal","k":4},{"kind":"because","k":3},
                  {"kind":"similar","item":"i9","k":3},{"kind":"bought_together","item":"i4","k":3},
                  {"name":"bag","kind":"complete","items":["i20","i21"],"k":2},{"kind":"popular","k":30}]}"""));
        List<String> all = new ArrayList<>();
        shelves.forEach(shelf -> all.addAll(TestServer.items(shelf)));
        assertThat(all).doesNotHaveDuplicates().hasSize(ITEMS);
        assertThat(TestServer.items(shelves.getFirst())).containsExactly("i4", "i3");
        assertThat(TestServer.items(shelves.get(1))).contains("i5").hasSize(4);
        assertThat(shelves.get(5).get("name").stringValue()).isEqualTo("bag");
        assertThat(TestServer.items(shelves.get(5))).contains("i22").doesNotContain("i20", "i21");
    }

    @Test
    void explanationNamesTheItemAndItsTermsAddUpToTheScore() {
        send("u", "i7", Duration.ofMinutes(2));
        send("u", "i8", Duration.ofMinutes(1));
        JsonNode shelf =
                shelves(server.get("/v1/shelves?user=u&kinds=because&k=5")).getFirst();
        assertThat(shelf.get("because").get("item").stringValue()).isEqualTo("i8");
        assertThat(TestServer.items(shelf)).isNotEmpty().doesNotContain("i8");
        boolean moved = false;
        for (JsonNode item : shelf.get("items").values()) {
            JsonNode terms = item.get("explanation");
            double sum = terms.get("network").doubleValue()
                    + terms.get("popularity").doubleValue()
                    + terms.get("repeat").doubleValue()
                    + terms.get("memory").doubleValue();
            assertThat(sum).isCloseTo(item.get("score").doubleValue(), within(1e-4));
            for (JsonNode event : terms.get("events").values()) {
                assertThat(event.get("item").stringValue())
                        .isIn("i7", "i8", item.get("item").stringValue());
                moved = true;
            }
        }
        assertThat(moved).as("an event moved an item").isTrue();
        JsonNode named =
                shelves(server.get("/v1/shelves?user=u&kinds=because&item=i7")).getFirst();
        assertThat(named.get("because").get("item").stringValue()).isEqualTo("i7");
        assertThat(server.get("/v1/users/u/recommendations?explain=true").body())
                .contains("\"explanation\":");
        assertThat(server.get("/v1/users/u/recommendations").body()).doesNotContain("explanation");
    }

    @Test
    void trendsAreItemsWithMoreEventsThanBefore() {
        for (int day = 2; day < 40; day++) {
            send("u" + day, "i1", Duration.ofDays(day));
            send("v" + day, "i1", Duration.ofDays(day));
        }
        for (int n = 0; n < 5; n++) {
            send("w" + n, "i2", Duration.ofHours(1));
        }
        send("w9", "i3", Duration.ofHours(1));
        List<JsonNode> shelves = shelves(server.get("/v1/shelves?kinds=trending"));
        assertThat(TestServer.items(shelves.getFirst())).containsExactly("i2", "i3");
        assertThat(TestServer.items(
                        shelves(server.get("/v1/shelves?kinds=popular&k=1")).getFirst()))
                .containsExactly("i1");
        // The counts are rebuilt from the store.
        server.close();
        server = TestServer.start(directory, ServerConfig.local(), model);
        assertThat(shelves(server.get("/v1/shelves?kinds=trending")).toString()).isEqualTo(shelves.toString());
    }

    @Test
    void newItemsAreThoseThatBecameAvailableLast() {
        server.put("/v1/items/i5", "{\"available_from\":\"2024-01-01\"}");
        server.put("/v1/items/i6", "{\"available_from\":\"2025-01-01\"}");
        server.put("/v1/items/i7", "{\"available_from\":\"2090-01-01\"}");
        server.put("/v1/items/x", "{\"similar_to\":[\"i1\"]}");
        assertThat(TestServer.items(shelves(server.get("/v1/shelves?kinds=new")).getFirst()))
                .containsExactly("i6", "i5", "x");
    }

    @Test
    void filtersAndRulesHoldForShelves() {
        server.put("/v1/items/i1", "{\"categories\":[\"a\"]}");
        server.put("/v1/items/i2", "{\"categories\":[\"a\"]}");
        server.put("/v1/scenarios/home", """
                {"k":2,"rules":[{"type":"never","where":"item = 'i2'"}]}""");
        List<JsonNode> shelves = shelves(server.post("/v1/shelves", """
                {"shelves":[{"kind":"popular","filter":"category = 'a'"},{"kind":"personal","scenario":"home"}]}"""));
        assertThat(TestServer.items(shelves.getFirst())).containsExactlyInAnyOrder("i1", "i2");
        assertThat(TestServer.items(shelves.get(1))).hasSize(2).doesNotContain("i2");
        shelves = shelves(server.get("/v1/shelves?kinds=popular%2Cnew&filter=category%3D'a'&scenario=home"));
        assertThat(TestServer.items(shelves.getFirst())).containsExactly("i1");
    }

    @Test
    void diversityKeepsTheBestItemAndTheRules() {
        send("u", "i3", Duration.ofMinutes(1));
        String list = "/v1/users/u/recommendations?k=6";
        List<String> plain = TestServer.items(server.get(list).json());
        assertThat(TestServer.items(server.get(list + "&diversity=0").json())).isEqualTo(plain);
        List<String> diverse =
                TestServer.items(server.get(list + "&diversity=0.9").json());
        assertThat(diverse.getFirst()).isEqualTo(plain.getFirst());
        assertThat(diverse).hasSize(6).doesNotHaveDuplicates().isNotEqualTo(plain);
        server.put("/v1/scenarios/varied", """
                {"k":6,"diversity":0.9,"rules":[{"type":"pin","item":"i29","place":2},{"type":"never","where":"item = '%s'"}]}""".formatted(diverse.get(2)));
        List<String> ruled = TestServer.items(
                server.get("/v1/users/u/recommendations?scenario=varied").json());
        assertThat(ruled).hasSize(6).doesNotHaveDuplicates().doesNotContain(diverse.get(2));
        assertThat(ruled.get(1)).isEqualTo("i29");
    }

    @Test
    void modelWithoutCountsOrVectorsReportsIt() {
        server.engine().swap(TestServer.model());
        Reply reply = server.get("/v1/shelves?kinds=bought_together&item=i1");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("detail").stringValue()).contains("has no counts of items that users had together");
    }

    @Test
    void wrongRequestsSayWhatIsWrong() {
        String many = String.join(
                ",", IntStream.range(0, 21).mapToObj(n -> "{\"kind\":\"new\"}").toList());
        for (String[] each : new String[][] {
            {"{}", "shelves is missing"},
            {"{\"shelves\":[]}", "shelves must be an array of 1 to 20 elements"},
            {"{\"shelves\":[" + many + "]}", "shelves must be an array of 1 to 20 elements"},
            {"{\"shelves\":[7]}", "shelves[0]: a JSON object is expected"},
            {"{\"shelves\":[{\"kind\":\"best\"}]}", "'best' is no kind of shelf, there are personal, similar"},
            {
                "{\"shelves\":[{\"kind\":\"new\"},{\"kind\":\"similar\"}]}",
                "shelves[1]: item: a shelf of kind similar needs"
            },
            {"{\"shelves\":[{\"kind\":\"new\",\"item\":\"i1\"}]}", "item: a shelf of kind new takes none"},
            {"{\"shelves\":[{\"kind\":\"similar\",\"item\":\"zz\"}]}", "item: the model does not know 'zz'"},
            {"{\"shelves\":[{\"kind\":\"complete\"}]}", "items must name the items in the basket"},
            {"{\"shelves\":[{\"kind\":\"new\",\"items\":[\"i1\"]}]}", "items: a shelf of kind new takes none"},
            {"{\"shelves\":[{\"kind\":\"new\"},{\"kind\":\"new\"}]}", "two shelves have the name 'new'"},
            {"{\"shelves\":[{\"kind\":\"new\",\"diversity\":2}]}", "diversity must be a number from 0 to 1"},
            {"{\"shelves\":[{\"kind\":\"new\",\"filter\":\"prise < 3\"}]}", "no item has an attribute 'prise'"},
            {"{\"user\":\"u\",\"history\":[],\"shelves\":[{\"kind\":\"new\"}]}", "give a user or a history, not both"},
        }) {
            Reply reply = server.post("/v1/shelves", each[0]);
            assertThat(reply.status()).as(each[0]).isEqualTo(400);
            assertThat(reply.json().get("detail").stringValue()).contains(each[1]);
        }
        assertThat(server.get("/v1/shelves").body()).contains("kinds must name 1 to 20 kinds");
        assertThat(server.get("/v1/shelves?kinds=complete").body()).contains("complete needs a basket");
        assertThat(server.get("/v1/users/u/recommendations?diversity=1.5").body())
                .contains("diversity must be a number from 0 to 1");
    }
}
