package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.client.Client;
import io.github.ttt4rec.client.Event;
import io.github.ttt4rec.client.EventResult;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several catalogues in one server: each has its own users, tokens, limits and faults. */
class TenantsTest {
    private static final String TOKEN = "a-token-of-the-second-shop";
    private static final String EVENT = "{\"user\": \"u\", \"item\": \"i3\"}";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Engine first;
    private Engine second;
    private RecommendationServer server;

    @BeforeEach
    void start() throws IOException {
        first = engine("first", true);
        second = engine("second", false);
        Path tokens = Files.writeString(directory.resolve("tokens"), TOKEN + "\n");
        ServerConfig config = ServerConfig.local();
        Limits slow = config.limits().withRate(2);
        server = RecommendationServer.start(
                List.of(
                        new Tenant("first", first, config.withLimits(slow)),
                        new Tenant("second", second, config.withTokens(Tokens.read(tokens, null))),
                        new Tenant("broken", null, config)),
                config,
                Ending.halt());
    }

    private Engine engine(String name, boolean other) {
        StoreConfig store = new StoreConfig(Durability.OFF, 0, Duration.ZERO);
        return Engine.open(
                other ? TestServer.otherModel() : TestServer.model(),
                EventStore.open(directory.resolve(name + ".db"), store),
                EngineConfig.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
        first.close();
        second.close();
        client.close();
    }

    private HttpResponse<String> send(String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json");
        return send(body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eachTenantHasItsOwnUsersAndModel() {
        assertThat(send("t/second/v1/events", EVENT).statusCode()).isEqualTo(200);
        assertThat(send("t/second/v1/users/u", "").statusCode()).isEqualTo(200);
        assertThat(send("t/first/v1/users/u", "").statusCode()).isEqualTo(404);
        assertThat(send("t/first/v1/model", "").body())
                .contains(TestServer.otherModel().version());
        assertThat(send("t/second/v1/model", "").body())
                .contains(TestServer.model().version());
        assertThat(send("t/second/", "").body()).contains("<html");
        assertThat(send("t/second", "").statusCode()).isEqualTo(308);
        assertThat(send("t/second", "").headers().firstValue("Location")).contains("second/");
    }

    @Test
    void javaClientCallsATenant() {
        Client.Options options =
                new Client.Options(TOKEN, 1, Client.Options.DEFAULTS.timeout(), Client.Options.DEFAULTS.pause());
        for (String end : List.of("", "/")) {
            try (Client shop = new Client(URI.create(server.uri() + "t/second" + end), options)) {
                assertThat(shop.send(List.of(Event.of("client" + end, "i3"))))
                        .extracting(EventResult::status)
                        .containsExactly("accepted");
            }
        }
        assertThat(send("t/second/v1/users/client", "").statusCode()).isEqualTo(200);
        assertThat(send("t/first/v1/users/client", "").statusCode()).isEqualTo(404);
    }

    @Test
    void pathOfNoTenantIsAnsweredWith404() {
        HttpResponse<String> unknown = send("t/third/v1/model", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .contains("there is no tenant 'third': a path is /t/TENANT/v1/..., with a name of the file");
        assertThat(send("v1/model", "").statusCode()).isEqualTo(404);
        assertThat(send("t/", "").statusCode()).isEqualTo(404);
    }

    @Test
    void tokenOfOneTenantIsNeededThereAlone() {
        HttpRequest.Builder without = HttpRequest.newBuilder(URI.create(server.uri() + "t/second/v1/model"));
        assertThat(send(without).statusCode()).isEqualTo(401);
        assertThat(send(HttpRequest.newBuilder(URI.create(server.uri() + "t/first/v1/model")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void closedStoreOfOneTenantLeavesTheOthersServing() {
        first.close();
        assertThat(send("t/first/v1/events", EVENT).statusCode()).isEqualTo(503);
        assertThat(send("t/first/health/ready", "").statusCode()).isEqualTo(503);
        assertThat(send("t/broken/v1/model", "").statusCode()).isEqualTo(503);
        assertThat(send("t/second/v1/events", EVENT).statusCode()).isEqualTo(200);
        assertThat(send("t/second/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(send("health/ready", "").statusCode()).isEqualTo(200);
    }

    @Test
    void rateLimitOfOneTenantLeavesTheOthersServing() {
        int refused = 0;
        for (int i = 0; i < 30; i++) {
            refused += send("t/first/v1/model", "").statusCode() == 429 ? 1 : 0;
            assertThat(send("t/second/v1/model", "").statusCode()).isEqualTo(200);
        }
        assertThat(refused).isPositive();
    }

    @Test
    void metricsCarryTheTenant() {
        assertThat(send("t/second/v1/events", EVENT).statusCode()).isEqualTo(200);
        assertThat(send("t/second/metrics", "").body())
                .contains("ttt4rec_events{tenant=\"second\"} 1.0")
                .contains("route=\"/v1/events\"");
        assertThat(send("t/first/metrics", "").body()).contains("ttt4rec_events{tenant=\"first\"} 0.0");
        assertThat(send("metrics", "").body())
                .contains("ttt4rec_http_connections")
                .doesNotContain("tenant=");
    }

    @Test
    void limitsAndTokensOfATenantAreReadAgain() {
        server.reload("second", ServerConfig.local());
        assertThat(send(HttpRequest.newBuilder(URI.create(server.uri() + "t/second/v1/model")))
                        .statusCode())
                .isEqualTo(200);
    }
}
