package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioRoutesTest {
    private static final String HOME =
            "{\"k\":3,\"exclude_seen\":true,\"rules\":[{\"type\":\"pin\",\"item\":\"i9\",\"place\":1},"
                    + "{\"name\":\"no sale\",\"type\":\"never\",\"where\":\"label = \\\"sale\\\"\"}]}";

    @TempDir
    private Path directory;

    @Test
    void scenarioHoldsForListsThatNameItAndSurvivesARestart() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            server.put("/v1/items/i1", "{\"labels\":[\"sale\"]}");
            assertThat(server.put("/v1/scenarios/home", HOME).body()).isEqualTo("{\"scenario\":\"home\"}");
            server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i0\"}");
        }
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            assertThat(server.get("/v1/scenarios/home").body()).isEqualTo(HOME);
            Reply list = server.get("/v1/users/u/recommendations?scenario=home");
            assertThat(TestServer.items(list.json()))
                    .hasSize(3)
                    .startsWith("i9")
                    .doesNotContain("i0", "i1");
            assertThat(list.json().get("items").get(0).get("pinned").booleanValue())
                    .isTrue();
            assertThat(TestServer.items(server.get("/v1/users/u/recommendations?scenario=home&k=30")
                            .json()))
                    .hasSize(28);
            assertThat(TestServer.items(
                            server.get("/v1/users/u/recommendations?k=30").json()))
                    .as("without a scenario")
                    .hasSize(30);
            assertThat(TestServer.items(
                            server.get("/v1/items/i2/similar?scenario=home").json()))
                    .hasSize(3)
                    .startsWith("i9");
            Reply empty = server.get("/v1/users/u/recommendations?scenario=home&only=i1");
            assertThat(empty.json().get("emptied_by").stringValue()).isEqualTo("no sale");
            Reply similar = server.get("/v1/items/i2/similar?scenario=home");
            assertThat(similar.json().get("scenario").stringValue()).isEqualTo("home");
            assertThat(similar.json().get("items").get(0).get("pinned").booleanValue())
                    .isTrue();
            server.put("/v1/scenarios/none", "{\"rules\":[{\"type\":\"only\",\"where\":\"item = 'x'\"}]}");
            for (String each : List.of(
                    "/v1/users/u/recommendations?scenario=none",
                    "/v1/users/nobody/recommendations?scenario=none",
                    "/v1/items/i2/similar?scenario=none")) {
                assertThat(emptiedBy(server, each)).as(each).isEqualTo("rule 1");
            }
            assertThat(emptiedBy(server, "/v1/items/i2/similar?filter=item%3D'x'"))
                    .isEqualTo("filter");
            assertThat(emptiedBy(server, "/v1/users/u/recommendations?only=unheard-of"))
                    .isEqualTo("request");
            assertThat(server.delete("/v1/scenarios/none").status()).isEqualTo(204);
            server.put("/v1/scenarios/default", "{\"k\":2}");
            assertThat(TestServer.items(
                            server.get("/v1/users/u/recommendations").json()))
                    .hasSize(2);
            assertThat(server.delete("/v1/scenarios/default").status()).isEqualTo(204);
            assertThat(TestServer.items(
                            server.get("/v1/users/u/recommendations").json()))
                    .hasSize(10);
            assertThat(server.get("/v1/scenarios").body()).isEqualTo("{\"scenarios\":[\"home\"]}");
        }
    }

    private static String emptiedBy(TestServer server, String path) {
        Reply reply = server.get(path);
        assertThat(TestServer.items(reply.json())).isEmpty();
        return reply.json().get("emptied_by").stringValue();
    }

    @Test
    void explainedListCountsTheItemsThatEachRestrictionLeavesOut() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            for (int i = 0; i < 20; i++) {
                server.put("/v1/items/i" + i, "{\"labels\":[\"" + (i < 4 ? "sale" : "new") + "\"]}");
            }
            server.put("/v1/deny", "{\"items\":[\"i5\"]}");
            server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i6\"}");
            server.put(
                    "/v1/scenarios/page",
                    "{\"exclude_seen\":true,\"rules\":[{\"name\":\"no sale\",\"type\":\"never\",\"where\":\"label = 'sale'\"},"
                            + "{\"type\":\"at_most\",\"count\":2,\"per\":\"label\"}]}");
            String asked = "/v1/users/u/recommendations?scenario=page&filter=has%20label";
            Reply list = server.get(asked + "&explain=true");
            assertThat(TestServer.items(list.json())).hasSize(2);
            int unlabelled = TestServer.ITEMS - 20;
            assertThat(list.json().get("left_out"))
                    .hasToString(("[{'by':'availability','items':1},{'by':'request','items':1},"
                                    + "{'by':'filter','items':" + unlabelled + "},{'by':'no sale','items':4},"
                                    + "{'by':'rule 2','items':12}]")
                            .replace('\'', '"'));
            assertThat(server.get(asked).body()).doesNotContain("left_out");
        }
    }

    @Test
    void wrongScenariosAreRefusedWithTheirPlace() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            server.put("/v1/scenarios/home", HOME);
            for (String[] each : new String[][] {
                {"[]", "scenario: a JSON object is expected"},
                {"{\"rule\":[]}", "rule: unknown member, did you mean 'rules'?"},
                {"{\"k\":0}", "k: must be a whole number from 1 to 1000"},
                {"{\"rules\":[{\"type\":\"ban\"}]}", "rules[0].type: unknown type 'ban', there are at_most, boost"},
                {"{\"rules\":[{\"type\":\"pin\",\"item\":\"i1\"}]}", "rules[0].place: must be a whole number"},
                {"{\"rules\":[{\"type\":\"boost\",\"where\":\"has item\",\"factor\":0}]}", "rules[0].factor: must be"},
                {"{\"rules\":[{\"type\":\"at_most\",\"count\":1,\"per\":\"brand\"}]}", "rules[0].per: must be category"
                },
                {
                    "{\"rules\":[{\"type\":\"never\",\"where\":\"has item\"},{\"type\":\"only\",\"where\":\"price < 3\"}]}",
                    "rules[1].where, column 1: no item has an attribute 'price'"
                },
            }) {
                Reply reply = server.put("/v1/scenarios/home", each[0]);
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.json().get("detail").stringValue()).startsWith(each[1]);
            }
            assertThat(server.put("/v1/scenarios/a%20b", "{}").status()).isEqualTo(400);
            assertThat(server.get("/v1/scenarios/home").body()).isEqualTo(HOME);
            assertThat(server.get("/v1/users/u/recommendations?scenario=hone")
                            .json()
                            .get("detail")
                            .stringValue())
                    .isEqualTo("unknown scenario 'hone', did you mean 'home'?");
        }
    }
}
