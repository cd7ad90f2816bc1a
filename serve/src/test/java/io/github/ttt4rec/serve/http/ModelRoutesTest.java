package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the routes that change the model. */
class ModelRoutesTest {
    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        TestServer.otherModel().save(directory.resolve("second"));
        server = TestServer.start(
                directory,
                ServerConfig.local().withExampleUsers(List.of("anna")).withFiles(directory, null));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void addsItems() {
        Reply added = server.put("/v1/items/new%2Fone", "{\"similar_to\":[\"i4\",\"i5\"]}");
        assertThat(added.status()).isEqualTo(201);
        JsonNode model = server.get("/v1/model").json();
        assertThat(added.json().get("model_version")).isEqualTo(model.get("version"));
        assertThat(model.get("items").intValue()).isEqualTo(TestServer.ITEMS + 1);
        assertThat(model.get("added_items").toString()).isEqualTo("[\"new/one\"]");
        assertThat(TestServer.items(server.get("/v1/items?query=new").json())).containsExactly("new/one");
        assertThat(TestServer.items(server.get("/v1/items/i4/similar?k=2").json()))
                .contains("new/one");
        assertThat(server.put("/v1/items/new%2Fone", "{\"similar_to\":[\"i4\"]}")
                        .status())
                .isEqualTo(409);
        assertThat(server.put("/v1/items/other", "{\"similar_to\":[\"i4\",\"none\"]}")
                        .json()
                        .get("detail")
                        .stringValue())
                .isEqualTo("similar_to: the model does not know 'none'");
    }

    @Test
    void swapsTheModelForOneBesideIt() {
        JsonNode before = server.get("/v1/model").json();
        assertThat(before.get("version").stringValue())
                .isEqualTo(TestServer.model().version());
        assertThat(before.get("type").stringValue()).isEqualTo("ttt4rec");
        assertThat(before.get("policy").stringValue()).isEqualTo("hop");
        assertThat(before.get("adaptive").booleanValue()).isTrue();
        assertThat(before.get("example_users").toString()).isEqualTo("[\"anna\"]");
        server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i4\"}");
        JsonNode after = server.post("/v1/model", "{\"directory\":\"second\"}").json();
        assertThat(after.get("version").stringValue())
                .isEqualTo(TestServer.otherModel().version());
        assertThat(server.get("/v1/users/u/recommendations").json().get("model_version"))
                .isEqualTo(after.get("version"));
    }

    @Test
    void modelThatCannotBeServedLeavesTheOneBefore() throws IOException {
        Path damaged = directory.resolve("damaged");
        TestServer.otherModel().save(damaged);
        Path weights = damaged.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 5] ^= 1;
        Files.write(weights, bytes);
        Reply refused = server.post("/v1/model", "{\"directory\":\"damaged\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("detail").stringValue())
                .contains("damaged", "model.safetensors")
                .doesNotContain(directory.toString());
        for (String name : List.of("none", "../second", "second/", ".", "..", "/tmp", "state.db")) {
            assertThat(server.post("/v1/model", "{\"directory\":\"" + name + "\"}")
                            .status())
                    .as(name)
                    .isEqualTo(404);
        }
        assertThat(server.get("/v1/model").json().get("version").stringValue())
                .isEqualTo(TestServer.model().version());
    }
}
