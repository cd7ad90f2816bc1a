package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with a small model on a free port of this machine, and a client of it. */
final class TestServer implements AutoCloseable {
    static final int ITEMS = 30;
    static final JsonMapper JSON = JsonMapper.shared();

    private static final class Models {
        private static final TrainedModel FIRST = SmallModels.of(ITEMS, 1);
        private static final TrainedModel SECOND = SmallModels.of(ITEMS, 2);
    }

    private final Engine engine;
    private final RecommendationServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A response. */
    record Reply(int status, String contentType, String body, HttpResponse<?> response) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    TestServer(Engine engine, RecommendationServer server) {
        this.engine = engine;
        this.server = server;
    }

    /** Returns one of two models for the same items {@code i0 ..}. */
    static TrainedModel model() {
        return Models.FIRST;
    }

    static TrainedModel otherModel() {
        return Models.SECOND;
    }

    /** Starts a server with a store in {@code directory}. */
    static TestServer start(Path directory, ServerConfig config) {
        return start(directory, config, model());
    }

    /** Starts a server with another model. */
    static TestServer start(Path directory, ServerConfig config, TrainedModel model) {
        return start(directory, config, model, EngineConfig.defaults());
    }

    /** A local server whose engine is configured otherwise. */
    static TestServer start(Path directory, TrainedModel model, EngineConfig engine) {
        return start(directory, ServerConfig.local(), model, engine);
    }

    private static TestServer start(
            Path directory, ServerConfig config, TrainedModel model, EngineConfig engineConfig) {
        StoreConfig store = new StoreConfig(Durability.OFF, 0, Duration.ZERO);
        Engine engine = Engine.open(model, EventStore.open(directory.resolve("state.db"), store), engineConfig);
        try {
            return new TestServer(engine, RecommendationServer.start(engine, config));
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Returns all routes of such a server. */
    List<Route> routes() {
        Connections nobody = new Connections(Limits.defaults(), Descriptors.ofProcess(), true, Ending.halt());
        ServerState state = new ServerState();
        try (Metrics metrics = new Metrics(engine, nobody, state, null)) {
            return Routes.of(engine, ServerConfig.local(), state, metrics);
        }
    }

    Engine engine() {
        return engine;
    }

    RecommendationServer server() {
        return server;
    }

    int port() {
        return server.uri().getPort();
    }

    RawClient raw() {
        return new RawClient(port());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path)).timeout(Duration.ofSeconds(30));
    }

    Reply get(String path) {
        return send(request(path));
    }

    Reply post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    Reply lines(String path, byte[] lines) {
        return send(
                request(path).header("Content-Type", "application/x-ndjson").POST(BodyPublishers.ofByteArray(lines)));
    }

    Reply put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the ids in a list of items. */
    static List<String> items(JsonNode answer) {
        return answer.get("items").values().stream()
                .map(each -> each.get("item").stringValue())
                .toList();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        engine.close();
    }
}
