package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Tests that the document and the server agree: both have the same routes with the same parameters and bodies; the
 * server returns every documented status; and every answer is documented and matches its schema.
 */
class OpenApiTest {
    /** These statuses need a failing or overloaded server; other tests cover them. */
    private static final Set<Integer> NOT_PROVOKED_HERE = Set.of(500, 503);

    private static final String DESCRIBED = """
            {"title":"Mug","text":"A mug.","group":"g","categories":["home > mugs",["gifts"]],"labels":["sale"],\
            "available_from":"2020-01-01","available_until":"2090-01-01T00:00:00Z","attributes":{"price":2,"colour":["red"]}}""";

    private static final String RULES = """
            {"k":3,"rules":[{"type":"pin","item":"i7","place":1},{"type":"never","where":"price = 2.5"}]}""";

    private static final String TOKEN = "client-0123456789";
    private static final String ADMIN = "admin-01234567890";

    @TempDir
    private static Path directory;

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
        }
    }

    /** An operation of the document. */
    private record Operation(String method, String path, JsonNode definition, List<JsonNode> parameters) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        boolean isPublic() {
            return definition.has("security") && definition.get("security").isEmpty();
        }

        boolean isForAdmins() {
            return definition.get("summary").stringValue().startsWith("*admin*");
        }

        boolean hasBody() {
            return definition.has("requestBody");
        }

        /** Returns the path with a value for each parameter. */
        String somePath() {
            return path.replaceAll("\\{file}", "index.html").replaceAll("\\{[a-z]+}", "i1");
        }

        Set<Integer> statuses() {
            Set<Integer> statuses = new TreeSet<>();
            definition.get("responses").propertyNames().forEach(name -> statuses.add(Integer.valueOf(name)));
            return statuses;
        }
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(each -> {
                    if (each.getKey().equals("parameters")) {
                        return;
                    }
                    List<JsonNode> parameters = new ArrayList<>();
                    for (JsonNode node : List.of(path.getValue(), each.getValue())) {
                        if (node.has("parameters")) {
                            node.get("parameters").values().forEach(parameter -> parameters.add(resolve(parameter)));
                        }
                    }
                    Operation operation = new Operation(
                            each.getKey().toUpperCase(Locale.ROOT), path.getKey(), each.getValue(), parameters);
                    operations.put(operation.toString(), operation);
                }));
        return operations;
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedRouteExists() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            Map<String, Operation> operations = operations();
            Set<String> ids = new LinkedHashSet<>();
            assertThat(server.routes())
                    .extracting(route -> route.method() + " " + route.path())
                    .containsExactlyInAnyOrderElementsOf(operations.keySet());
            for (Route route : server.routes()) {
                Operation operation = operations.get(route.method() + " " + route.path());
                assertThat(operation.parameters)
                        .as("%s", operation)
                        .filteredOn(
                                parameter -> parameter.get("in").stringValue().equals("query"))
                        .extracting(parameter -> parameter.get("name").stringValue())
                        .containsExactlyInAnyOrderElementsOf(route.parameters());
                assertThat(operation.parameters)
                        .as("%s", operation)
                        .filteredOn(
                                parameter -> parameter.get("in").stringValue().equals("path"))
                        .extracting(parameter -> "{" + parameter.get("name").stringValue() + "}")
                        .containsExactlyElementsOf(route.segments().stream()
                                .filter(segment -> segment.startsWith("{"))
                                .toList());
                assertThat(operation.isPublic()).as("%s", operation).isEqualTo(route.access() == Access.PUBLIC);
                assertThat(operation.isForAdmins()).as("%s", operation).isEqualTo(route.access() == Access.ADMIN);
                assertThat(bodyTypes(operation))
                        .as("%s", operation)
                        .isEqualTo(
                                switch (route.body()) {
                                    case NONE -> Set.of();
                                    case JSON -> Set.of("application/json");
                                    case JSON_OR_LINES -> Set.of("application/json", "application/x-ndjson");
                                });
                assertThat(ids.add(operation.definition.get("operationId").stringValue()))
                        .isTrue();
            }
        }
    }

    private static Set<String> bodyTypes(Operation operation) {
        return operation.hasBody()
                ? Set.copyOf(operation.definition.at("/requestBody/content").propertyNames())
                : Set.of();
    }

    @Test
    void documentedExamplesAreValidAndWork() {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            for (Operation operation : operations().values()) {
                JsonNode json = operation.definition.at("/requestBody/content/application~1json");
                List<JsonNode> examples = new ArrayList<>();
                if (json.has("example")) {
                    examples.add(json.get("example"));
                }
                if (json.has("examples")) {
                    json.get("examples").values().forEach(example -> examples.add(example.get("value")));
                }
                assertThat(examples.isEmpty()).as("%s", operation).isEqualTo(!operation.hasBody());
                for (JsonNode example : examples) {
                    assertThat(schema(json.get("schema")).validate(example))
                            .as("%s", operation)
                            .isEmpty();
                    TestServer.Reply reply = server.send(server.request(operation.somePath())
                            .header("Content-Type", "application/json")
                            .method(operation.method, BodyPublishers.ofString(example.toString())));
                    // The examples use a different catalogue, and this server has no other models.
                    if (example.has("similar_to")) {
                        assertThat(reply.body()).contains("does not know 'B00005'");
                    } else if (operation.path.equals("/v1/model") || operation.path.equals("/v1/experiments")) {
                        assertThat(reply.status()).isEqualTo(403);
                    } else if (operation.path.endsWith("/end")) {
                        assertThat(reply.status()).isEqualTo(404);
                    } else {
                        assertThat(reply.status())
                                .as("%s %s", operation, reply.body())
                                .isEqualTo(200);
                    }
                }
            }
            String lines = operations()
                    .get("POST /v1/events")
                    .definition
                    .at("/requestBody/content/application~1x-ndjson/example")
                    .stringValue();
            assertThat(server.lines("/v1/events", lines.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyAnswerIsDocumentedAndEveryDocumentedStatusIsAnswered() throws IOException {
        Path models = Files.createDirectories(directory.resolve("models"));
        TestServer.otherModel().save(models.resolve("other"));
        Files.createDirectories(models.resolve("empty"));
        Limits limits = Limits.defaults()
                .with(changed -> changed.bodyBytes(1024)
                        .batch(5)
                        .k(20)
                        .history(8)
                        .connections(64)
                        .requests(64)
                        .timeouts(new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(5))));
        ServerConfig config = ServerConfig.local()
                .withLimits(limits)
                .withNames(Map.of("i1", "Mug"))
                .withFiles(models, directory.resolve("state.db"));
        Answers answers = new Answers();
        try (TestServer server = TestServer.start(directory, config)) {
            whatWorks(server, answers);
            for (Operation operation : operations().values()) {
                String path = operation.somePath();
                String body = operation.hasBody() ? "{" : null;
                answers.add(operation, ask(server, operation, path + "?zzz=1", "", body));
                answers.add(operation, ask(server, operation, path, "Host: rebound.example\r\n", body));
                answers.add(operation, ask(server, operation, path, "Origin: http://other.example\r\n", body));
                if (operation.hasBody()) {
                    answers.add(operation, ask(server, operation, path, "Content-Type: text/plain\r\n", body));
                    answers.add(operation, ask(server, operation, path, "", " ".repeat(1025)));
                }
            }
        }
        Tokens tokens = Tokens.read(
                Files.writeString(directory.resolve("clients"), TOKEN),
                Files.writeString(directory.resolve("admins"), ADMIN));
        Limits tight = config.limits().withRate(1);
        try (TestServer server =
                TestServer.start(directory, config.withTokens(tokens).withLimits(tight))) {
            for (Operation operation : operations().values()) {
                if (operation.isPublic()) {
                    continue;
                }
                String body = operation.hasBody() ? "{" : null;
                answers.add(operation, ask(server, operation, operation.somePath(), "", body));
                String token = "Authorization: Bearer " + (operation.isForAdmins() ? ADMIN : TOKEN) + "\r\n";
                RawClient.Reply reply = ask(server, operation, operation.somePath(), token, body);
                for (int i = 0; reply.status() != 429 && i < 1000; i++) {
                    reply = ask(server, operation, operation.somePath(), token, body);
                }
                answers.add(operation, reply);
            }
        }
        for (Operation operation : operations().values()) {
            Set<Integer> expected = operation.statuses();
            expected.removeAll(NOT_PROVOKED_HERE);
            assertThat(answers.statuses(operation)).as("%s", operation).containsExactlyElementsOf(expected);
        }
    }

    private static String experiment(String directory) {
        return "{\"name\":\"trial\",\"arms\":[{\"name\":\"a\"},{\"name\":\"b\",\"directory\":\"" + directory + "\"}]}";
    }

    /** Sends one request for each status that is not common to all operations. */
    private static void whatWorks(TestServer server, Answers answers) throws IOException {
        for (String[] each : new String[][] {
            {"POST /v1/events", "/v1/events", "[{\"user\":\"u\",\"item\":\"i1\",\"event_id\":\"e\"}, 7]"},
            {
                "POST /v1/events",
                "/v1/events",
                "[{\"user\":\"u\",\"item\":\"zz\"},{\"user\":\"u\",\"item\":\"i1\"," + "\"event_id\":\"e\"}]"
            },
            {"POST /v1/events", "/v1/events", "[7, {\"user\":\"u\"}]"},
            {"GET /v1/users/{id}/recommendations", "/v1/users/u/recommendations", null},
            {"GET /v1/users/{id}/recommendations", "/v1/users/nobody/recommendations", null},
            {"GET /health", "/health", null},
            {"POST /v1/recommendations", "/v1/recommendations", "{\"history\":[\"i1\"],\"k\":3}"},
            {"POST /v1/recommendations", "/v1/recommendations", "{\"history\":[\"i1\"],\"frozen\":true}"},
            {"GET /v1/users/{id}", "/v1/users/u", null},
            {"GET /v1/users/{id}", "/v1/users/nobody", null},
            {"DELETE /v1/users/{id}", "/v1/users/u", null},
            {"DELETE /v1/users/{id}", "/v1/users/u", null},
            {"GET /v1/items", "/v1/items?query=mug", null},
            {"PUT /v1/items/{id}", "/v1/items/new", "{\"similar_to\":[\"i1\"]}"},
            {"PUT /v1/items/{id}", "/v1/items/new", "{\"similar_to\":[\"i1\"]}"},
            {"PUT /v1/items/{id}", "/v1/items/i1", DESCRIBED},
            {"GET /v1/items/{id}", "/v1/items/i1", null},
            {"GET /v1/items/{id}", "/v1/items/i4", null},
            {"GET /v1/items/{id}", "/v1/items/none", null},
            {"POST /v1/items", "/v1/items", "[{\"item\":\"i2\",\"attributes\":{\"price\":2.5}},{\"item\":\"none\"}]"},
            {"POST /v1/items", "/v1/items", "[{},{},{},{},{},{}]"},
            {"GET /v1/catalogue", "/v1/catalogue", null},
            {"POST /v1/catalogue/count", "/v1/catalogue/count", null},
            {"GET /v1/catalogue/items", "/v1/catalogue/items", null},
            {"GET /v1/users/{id}/recommendations", "/v1/users/u/recommendations?filter=price%3C3", null},
            {"GET /v1/users/{id}/recommendations", "/v1/users/u/recommendations?filter=price%3C", null},
            {"DELETE /v1/items/{id}", "/v1/items/i1", null},
            {"DELETE /v1/items/{id}", "/v1/items/i1", null},
            {"PUT /v1/scenarios/{name}", "/v1/scenarios/page", RULES},
            {"GET /v1/scenarios", "/v1/scenarios", null},
            {"GET /v1/scenarios/{name}", "/v1/scenarios/page", null},
            {"GET /v1/users/{id}/recommendations", "/v1/users/u/recommendations?scenario=page", null},
            {
                "POST /v1/recommendations",
                "/v1/recommendations",
                "{\"history\":[],\"scenario\":\"page\",\"only\":[\"i2\"]}"
            },
            {"POST /v1/impressions", "/v1/impressions", "{\"user\":\"u\",\"items\":[\"i1\",\"i2\"]}"},
            {"GET /v1/impressions", "/v1/impressions", null},
            {"GET /v1/shelves", "/v1/shelves?kinds=personal,popular,recently_viewed&user=u&k=3&diversity=0.5", null},
            {"GET /v1/shelves", "/v1/shelves?kinds=personal,similar,trending,new&item=i1&explain=true", null},
            {
                "POST /v1/shelves",
                "/v1/shelves",
                "{\"history\":[\"i1\"],\"shelves\":[{\"kind\":\"complete\",\"items\":[\"i2\"]}]}"
            },
            {"DELETE /v1/scenarios/{name}", "/v1/scenarios/page", null},
            {"DELETE /v1/scenarios/{name}", "/v1/scenarios/page", null},
            {"GET /v1/scenarios/{name}", "/v1/scenarios/page", null},
            {"GET /v1/items/{id}/similar", "/v1/items/i1/similar", null},
            {"GET /v1/items/{id}/similar", "/v1/items/none/similar", null},
            {"PUT /v1/items/{id}/availability", "/v1/items/i2/availability", "{\"available\":false}"},
            {"PUT /v1/deny", "/v1/deny", "{\"items\":[\"i3\",\"none\"]}"},
            {"GET /v1/deny", "/v1/deny", null},
            {"GET /v1/quality", "/v1/quality", null},
            {"GET /v1/model", "/v1/model", null},
            {"POST /v1/model", "/v1/model", "{\"directory\":\"other\"}"},
            {"POST /v1/model", "/v1/model", "{\"directory\":\"none\"}"},
            {"POST /v1/model", "/v1/model", "{\"directory\":\"empty\"}"},
            {"POST /v1/experiments", "/v1/experiments", experiment("none")},
            {"POST /v1/experiments", "/v1/experiments", experiment("empty")},
            {"POST /v1/experiments", "/v1/experiments", experiment("other")},
            {"POST /v1/experiments", "/v1/experiments", experiment("other")},
            {"GET /v1/experiments", "/v1/experiments", null},
            {"POST /v1/experiments/{name}/end", "/v1/experiments/other/end", "{\"keep\":\"a\"}"},
            {"POST /v1/experiments/{name}/end", "/v1/experiments/trial/end", "{\"keep\":\"a\"}"},
            {"POST /v1/backup", "/v1/backup", null},
            {"GET /health/live", "/health/live", null},
            {"GET /health/ready", "/health/ready", null},
            {"GET /metrics", "/metrics", null},
            {"GET /openapi.yaml", "/openapi.yaml", null},
            {"GET /", "/", null},
            {"GET /{file}", "/index.html", null},
            {"GET /{file}", "/none.html", null},
        }) {
            Operation operation = operations().get(each[0]);
            RawClient.Reply reply = ask(server, operation, each[1], "", each[2]);
            answers.add(operation, reply);
            String tag = reply.header("ETag").orElse(null);
            if (tag != null) {
                answers.add(operation, ask(server, operation, each[1], "If-None-Match: " + tag + "\r\n", null));
            }
        }
        Operation swap = operations().get("POST /v1/model");
        answers.add(swap, oneOfTwoAtOnce(server, swap));
    }

    /** Requests several model swaps at once until one conflicts with another. */
    private static RawClient.Reply oneOfTwoAtOnce(TestServer server, Operation swap) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 200; round++) {
                List<Future<RawClient.Reply>> replies = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    replies.add(threads.submit(() -> ask(server, swap, "/v1/model", "", "{\"directory\":\"other\"}")));
                }
                for (Future<RawClient.Reply> reply : replies) {
                    if (reply.get().status() == 409) {
                        return reply.get();
                    }
                    assertThat(reply.get().status()).isEqualTo(200);
                }
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("never were two models loaded at once");
    }

    private static RawClient.Reply ask(TestServer server, Operation operation, String path, String header, String body)
            throws IOException {
        StringBuilder request = new StringBuilder(operation.method + " " + path + " HTTP/1.1\r\n" + header);
        if (!header.startsWith("Host:")) {
            request.append("Host: localhost\r\n");
        }
        if (!header.startsWith("Content-Type:") && body != null) {
            request.append("Content-Type: application/json\r\n");
        }
        if (body != null) {
            request.append("Content-Length: " + body.length() + "\r\n");
        }
        return RawClient.exchange(server.port(), request + "\r\n" + (body == null ? "" : body));
    }

    private static Schema schema(JsonNode schema) {
        ObjectNode whole = (ObjectNode) schema.deepCopy();
        whole.set("components", document.get("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole);
    }

    /** Checks answers against the document and counts them. */
    private static final class Answers {
        private final Map<String, Set<Integer>> statuses = new LinkedHashMap<>();

        void add(Operation operation, RawClient.Reply reply) {
            statuses.computeIfAbsent(operation.toString(), key -> new TreeSet<>())
                    .add(reply.status());
            String what = operation + " " + reply.status() + " " + reply.body();
            JsonNode response = resolve(operation.definition.get("responses").path(String.valueOf(reply.status())));
            assertThat(response.isMissingNode()).as(what).isFalse();
            if (!response.has("content")) {
                assertThat(reply.body()).as(what).isEmpty();
                return;
            }
            String type = reply.header("Content-Type").orElseThrow().replaceAll(";.*", "");
            JsonNode content = response.get("content").has("*/*")
                    ? response.get("content").get("*/*")
                    : response.get("content").path(type);
            assertThat(content.isMissingNode()).as("%s as %s", what, type).isFalse();
            if (type.endsWith("json") && !type.endsWith("ndjson")) {
                assertThat(schema(content.get("schema")).validate(TestServer.JSON.readTree(reply.body())))
                        .as(what)
                        .isEmpty();
            }
            if (response.has("headers")) {
                response.get("headers")
                        .propertyNames()
                        .forEach(name -> assertThat(reply.header(name))
                                .as("%s in %s", name, what)
                                .isPresent());
            }
        }

        Set<Integer> statuses(Operation operation) {
            return statuses.getOrDefault(operation.toString(), Set.of());
        }
    }
}
