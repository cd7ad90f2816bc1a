package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueRoutesTest {
    private static final String SHOP = """
            {"item":"i1","title":"Red mug","categories":["home > mugs"],"labels":["sale"],"attributes":{"price":5}}
            {"item":"i2","categories":["home"],"attributes":{"price":9,"brand":["Acme","Zen"]}}
            {"item":"i3","categories":["bags"],"group":"g","attributes":{"price":30}}
            {"item":"later","categories":["bags"],"attributes":{"price":1}}
            """;

    @TempDir
    private Path directory;

    private static String filtered(String expression) {
        return "/v1/users/u/recommendations?k=100&filter=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    private static void fill(TestServer server) {
        Reply reply = server.lines("/v1/items", SHOP.getBytes(StandardCharsets.UTF_8));
        assertThat(reply.body()).isEqualTo("{\"stored\":4,\"unknown\":1}");
    }

    @Test
    void filtersSelectByAttributesAtOnceAndAfterARestartAndASwap() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            assertThat(TestServer.items(server.get(filtered("category in (\"home\") and price < 9"))
                            .json()))
                    .containsExactly("i1");
            assertThat(TestServer.items(server.get(filtered("not price < 1000")).json()))
                    .hasSize(TestServer.ITEMS - 3)
                    .doesNotContain("i1", "i2", "i3");
            assertThat(server.put("/v1/items/i1", "{\"attributes\":{\"price\":50}}")
                            .body())
                    .contains("\"known\":true");
            assertThat(TestServer.items(server.get(filtered("price > 20")).json()))
                    .containsExactlyInAnyOrder("i1", "i3");
            server.engine().swap(TestServer.otherModel());
            assertThat(TestServer.items(server.get(filtered("price > 20")).json()))
                    .containsExactlyInAnyOrder("i1", "i3");
        }
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            assertThat(TestServer.items(server.get(filtered("price > 20")).json()))
                    .containsExactlyInAnyOrder("i1", "i3");
            assertThat(server.put("/v1/items/later", "{\"similar_to\":[\"i3\"]}")
                            .status())
                    .isEqualTo(201);
            assertThat(TestServer.items(server.get(filtered("price = 1")).json()))
                    .containsExactly("later");
            assertThat(server.delete("/v1/items/i3").status()).isEqualTo(204);
            assertThat(TestServer.items(server.get(filtered("price > 20")).json()))
                    .containsExactly("i1");
        }
    }

    @Test
    void everyListTakesAFilterAndItsTitles() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            assertThat(server.post(
                                    "/v1/recommendations",
                                    "{\"history\":[\"i4\"],\"filter\":\"brand = 'Zen' or label = 'sale'\"}")
                            .body())
                    .contains("\"i2\"", "\"i1\"", "Red mug")
                    .doesNotContain("\"i3\"");
            assertThat(TestServer.items(server.get("/v1/items/i9/similar?k=100&filter=group%3D'g'")
                            .json()))
                    .containsExactly("i3");
            assertThat(TestServer.items(server.get("/v1/items?filter=category%20in%20('home')")
                            .json()))
                    .containsExactly("i1", "i2");
            assertThat(TestServer.items(server.get("/v1/items?query=red+mug").json()))
                    .containsExactly("i1");
        }
    }

    @Test
    void searchGivesAttributesOnRequest() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            assertThat(server.get("/v1/items?query=red+mug").body()).doesNotContain("categories");
            assertThat(server.get("/v1/items?query=red+mug&attributes=true").body())
                    .contains("\"item\":\"i1\"", "\"title\":\"Red mug\"", "\"categories\":[\"home")
                    .endsWith("\"total\":1}");
            assertThat(server.get("/v1/items?limit=1000&attributes=true")
                            .json()
                            .get("items")
                            .size())
                    .isEqualTo(TestServer.ITEMS);
            assertThat(server.get("/v1/items?attributes=yes").status()).isEqualTo(400);
        }
    }

    @Test
    void itemIsRecommendedWithinItsTimesOnly() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            server.put("/v1/items/i1", "{\"available_until\":\"2020-01-01\"}");
            server.put("/v1/items/i2", "{\"available_from\":\"2090-01-01\"}");
            server.put("/v1/items/i3", "{\"available_from\":\"2020-01-01\",\"available_until\":\"2090-01-01\"}");
            assertThat(TestServer.items(
                            server.get(filtered("item in ('i1','i2','i3')")).json()))
                    .containsExactly("i3");
            assertThat(TestServer.items(server.get("/v1/users/u/recommendations?only=i1,i2,i3")
                            .json()))
                    .containsExactly("i3");
            server.put("/v1/items/i1", "{\"available_from\":\"2020-01-01\"}");
            assertThat(TestServer.items(server.get("/v1/users/u/recommendations?only=i1,i2,i3")
                            .json()))
                    .containsExactlyInAnyOrder("i1", "i3");
        }
    }

    @Test
    void exportCanBeStoredAgain() {
        String exported;
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            exported = server.get("/v1/catalogue/items").body();
            String pages = server.get("/v1/catalogue/items?limit=3").body()
                    + server.get("/v1/catalogue/items?limit=3&after=i3").body();
            assertThat(pages).isEqualTo(exported);
            assertThat(server.lines("/v1/items", exported.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
            assertThat(server.get("/v1/catalogue/items").body()).isEqualTo(exported);
            assertThat(server.get("/v1/catalogue").body())
                    .contains("\"items\":4", "\"price\":\"number\"", "{\"category\":\"home\",\"items\":2}");
        }
    }

    @Test
    void wrongAttributesAreRefusedAndNothingIsStored() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            for (String[] each : new String[][] {
                {
                    "{\"attributes\":{\"price\":\"cheap\"}}",
                    "price of item 'i1': is of type words, but the first item with it had type number"
                },
                {"{\"categories\":[\"a > b > a\"]}", "category 'a > b > a' lies within itself"},
                {"{\"text\":\"" + "x".repeat(60_000) + "\"}", "text: must have 1 to 20000 characters"},
                {"{\"text\":\"" + "x".repeat(1_000_000) + "\"}", "a text has more than 65536 characters, at /text"},
                {"{\"titel\":\"x\",\"labels\":[]}", "titel: unknown member, did you mean 'title'?"},
                {"{\"labels\":[1]}", "labels: must be an array of strings"},
                {"{\"categorie\":[\"bags\"]}", "categorie: unknown member, did you mean 'categories'?"},
                {"{\"price\":3}", "price: unknown member; attributes of your own go into the object \"attributes\""},
                {"{\"by_content\":true}", "by_content needs attributes to compare"},
                {"{}", "similar_to is missing, and so are attributes such as title or categories"},
            }) {
                Reply reply = server.put("/v1/items/i1", each[0]);
                assertThat(reply.status()).as(reply.body()).isEqualTo(400);
                assertThat(reply.json().get("detail").stringValue()).contains(each[1]);
            }
            Reply bulk = server.post("/v1/items", "[{\"item\":\"i5\",\"labels\":[\"a\"]},{\"item\":\"\"}]");
            assertThat(bulk.status()).isEqualTo(400);
            assertThat(bulk.json().get("detail").stringValue()).startsWith("item 1, item: the id is empty");
            Reply mixed = server.post(
                    "/v1/items",
                    "[{\"item\":\"i5\",\"labels\":[\"a\"]},{\"item\":\"i6\",\"attributes\":{\"price\":[\"cheap\"]}}]");
            assertThat(mixed.status()).isEqualTo(400);
            assertThat(mixed.json().get("detail").stringValue()).startsWith("price of item 'i6': is of type words");
            assertThat(server.get("/v1/items/i5").json().has("labels")).isFalse();
            assertThat(server.get("/v1/items/i1").json().get("title").stringValue())
                    .isEqualTo("Red mug");
        }
    }

    @Test
    void wrongExpressionIsRefusedWithItsPlace() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            Reply reply = server.get(filtered("price < 3 and lable = \"x\""));
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().get("at").toString()).isEqualTo("{\"field\":\"filter\",\"column\":15}");
            assertThat(reply.json().get("detail").stringValue())
                    .isEqualTo("filter, column 15: no item has an attribute 'lable', did you mean 'label'?");
        }
    }

    @Test
    void fuzzedExpressionsNeverFailTheServer() {
        long seed = 7;
        System.out.println("fuzzed filters, seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String valid = "category in (\"home\", 'bags') and not (price <= 3.5 or label != \"a\\\"b\") or has brand";
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            fill(server);
            for (int i = 0; i < 500; i++) {
                StringBuilder text = new StringBuilder(valid);
                for (int n = random.nextInt(5); n > 0; n--) {
                    int at = random.nextInt(text.length());
                    if (random.nextBoolean()) {
                        text.setCharAt(at, (char) (32 + random.nextInt(95)));
                    } else {
                        text.delete(at, Math.min(text.length(), at + random.nextInt(9)));
                    }
                }
                Reply reply = server.get(filtered(text.toString()));
                assertThat(reply.status()).as("%s: %s", text, reply.body()).isIn(200, 400);
                assertThat(reply.status() == 400).isEqualTo(reply.json().has("at"));
            }
        }
    }
}
