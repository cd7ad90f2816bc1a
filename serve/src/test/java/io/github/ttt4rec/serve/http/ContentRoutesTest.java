package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an item without events is recommended by its attributes. */
class ContentRoutesTest {
    private static final int ITEMS = 60;

    @TempDir
    private Path directory;

    /** Items are in groups of ten that follow one another in the log, so that their vectors are similar. */
    private static void describe(TestServer server) {
        String lines = String.join(
                "\n",
                IntStream.range(0, ITEMS)
                        .mapToObj(i -> "{\"item\":\"i" + i + "\",\"categories\":[\"tenth " + i / 10
                                + "\"],\"title\":\"Thing " + (i % 2 == 0 ? "even" : "odd") + "\"}")
                        .toList());
        assertThat(server.lines("/v1/items", lines.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void itemGetsItsVectorFromItemsThatItsAttributesSayItIsLike() {
        TrainedModel model = SmallModels.of(ITEMS, 5);
        try (TestServer server = TestServer.start(directory, ServerConfig.local(), model)) {
            Reply early = server.put("/v1/items/new", "{\"categories\":[\"tenth 3\"],\"by_content\":true}");
            assertThat(early.status()).isEqualTo(400);
            assertThat(early.json().get("detail").stringValue()).contains("0 have attributes, and 50 are needed");
            describe(server);
            Reply reply = server.put("/v1/items/new", "{\"categories\":[\"tenth 3\"],\"by_content\":true}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.body()).contains("\"known\":true");
            List<String> similar = reply.json().get("similar_to").values().stream()
                    .map(each -> each.stringValue())
                    .toList();
            assertThat(similar).hasSize(10);
            assertThat(similar.stream().filter(each -> each.matches("i3[0-9]")).count())
                    .as("of the same tenth: %s", similar)
                    .isGreaterThanOrEqualTo(6);
            assertThat(server.put("/v1/items/new", "{\"title\":\"Renamed\",\"by_content\":true}")
                            .body())
                    .as("known by now")
                    .doesNotContain("similar_to");
        }
        try (TestServer server = TestServer.start(directory, ServerConfig.local(), model)) {
            assertThat(server.get("/v1/items/new").body()).contains("\"known\":true", "Renamed");
            for (String[] each : new String[][] {
                {"{\"title\":\"unheard\",\"by_content\":true}", "none of its attributes is one that several items"},
                {"{\"title\":\"x\",\"by_content\":1}", "by_content must be true or false"},
                {"{\"title\":\"x\",\"by_content\":true,\"similar_to\":[\"i1\"]}", "give this or similar_to, not both"},
            }) {
                Reply wrong = server.put("/v1/items/other", each[0]);
                assertThat(wrong.status()).as(each[0]).isEqualTo(400);
                assertThat(wrong.json().get("detail").stringValue()).contains(each[1]);
            }
            assertThat(server.get("/v1/items/other").status()).isEqualTo(404);
        }
    }

    @Test
    void longTextTellsWhatAnItemIsLike() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local(), SmallModels.of(ITEMS, 5))) {
            String lines = String.join(
                    "\n",
                    IntStream.range(0, ITEMS)
                            .mapToObj(i -> "{\"item\":\"i" + i + "\",\"title\":\"Thing\",\"text\":\"from the tenth"
                                    + (char) ('a' + i / 10) + "\"}")
                            .toList());
            server.lines("/v1/items", lines.getBytes(StandardCharsets.UTF_8));
            Reply reply =
                    server.put("/v1/items/new", "{\"title\":\"Thing\",\"text\":\"in tenthd\",\"by_content\":true}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.json().get("similar_to").values().stream()
                            .filter(each -> each.stringValue().matches("i3[0-9]"))
                            .count())
                    .as(reply.body())
                    .isGreaterThanOrEqualTo(6);
        }
    }

    /** Returns the attributes of the items, as {@link #describe} stores them. */
    private static Map<String, ItemAttributes> attributes() {
        Map<String, ItemAttributes> attributes = new HashMap<>();
        for (int i = 0; i < ITEMS; i++) {
            attributes.put("i" + i, attributes(i / 10));
        }
        return attributes;
    }

    private static ItemAttributes attributes(int tenth) {
        return new ItemAttributes(
                "Thing", null, null, List.of(Category.parse("tenth " + tenth)), List.of(), Map.of(), TimeWindow.ALWAYS);
    }

    @Test
    void modelTrainedWithAttributesKnowsEachDescribedItemAndKeepsItAfterARestartAndASwap() {
        TrainedModel plain = SmallModels.hybrid(ITEMS, 5);
        TrainedModel model = SmallModels.described(ITEMS, attributes(), 5);
        String words = "\"text\":\"tenth\"";
        try (TestServer server = TestServer.start(directory, ServerConfig.local(), plain)) {
            assertThat(server.put("/v1/items/before", "{\"categories\":[\"tenth 3\"]," + words + "}")
                            .body())
                    .as("a model that was trained without attributes")
                    .contains("\"known\":false");
            server.engine().swap(model);
            assertThat(server.get("/v1/items/before").body()).contains("\"known\":true");
            assertThat(server.put("/v1/items/new", "{\"categories\":[\"tenth 3\"]}")
                            .body())
                    .contains("\"known\":true");
            assertThat(server.put("/v1/items/wanted", "{\"categories\":[\"tenth 4\"],\"by_content\":true}")
                            .body())
                    .contains("\"known\":true", "similar_to");
            assertThat(server.put("/v1/items/strange", "{\"categories\":[\"nowhere\"]}")
                            .body())
                    .contains("\"known\":false");
            assertThat(server.lines(
                                    "/v1/items",
                                    "{\"item\":\"bulk\",\"categories\":[\"tenth 0\"]}".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
            assertThat(server.get("/v1/items/bulk").body()).contains("\"known\":true");
        }
        try (TestServer server = TestServer.start(directory, ServerConfig.local(), model)) {
            for (String item : List.of("before", "new", "wanted", "bulk")) {
                assertThat(server.get("/v1/items/" + item).body()).as(item).contains("\"known\":true");
            }
            assertThat(server.get("/v1/items/strange").body()).contains("\"known\":false");
            assertThat(server.engine().trained().version())
                    .as("all of them computed from the stored attributes")
                    .isEqualTo(model.withItems(List.of(
                                    new NewItem("before", tenth(3)),
                                    new NewItem("bulk", tenth(0)),
                                    new NewItem("new", tenth(3)),
                                    new NewItem("wanted", tenth(4))))
                            .version());
            server.engine().swap(plain);
            assertThat(server.get("/v1/items/new").body()).contains("\"known\":false");
        }
    }

    private static ItemAttributes tenth(int tenth) {
        return new ItemAttributes(
                null, null, null, List.of(Category.parse("tenth " + tenth)), List.of(), Map.of(), TimeWindow.ALWAYS);
    }
}
