package io.github.ttt4rec.benchmarks.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with the part of the API that the load generator needs. It misbehaves as a test requires. */
final class TinyServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Behaviour behaviour;
    private final Map<String, List<String>> itemsByUser = new ConcurrentHashMap<>();
    private final Map<String, Boolean> eventIds = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private volatile boolean marked;
    volatile @Nullable String token;
    /** Users that no load has created. */
    volatile int strangers;

    /** The reaction to a request of the load. */
    enum Step {
        ANSWER,
        /** Processes the request and closes the connection without an answer. */
        LOSE_ANSWER,
        /** Answers that it is overloaded. */
        REFUSE
    }

    /** Returns the reaction to the n-th request of the load, from 0. */
    interface Behaviour {
        Step on(long request) throws InterruptedException;
    }

    TinyServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    LoadTarget target() {
        return LoadTarget.parse("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns the number of requests of the load so far. */
    long requests() {
        return requests.get();
    }

    /** Returns each user's items in order of arrival. */
    Map<String, List<String>> itemsByUser() {
        return itemsByUser;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body;
        try (InputStream in = exchange.getRequestBody()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (token != null
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{}");
        } else if (path.equals("/v1/model")) {
            answerInChunks(exchange, "{\"version\":\"abc\",\"type\":\"ttt4rec\",\"policy\":\"hop\",\"items\":3}");
        } else if (path.equals("/v1/items")) {
            answerInChunks(exchange, "{\"items\":[{\"item\":\"a\"},{\"item\":\"b \\\"quoted\\\"\"},{\"item\":\"ç\"}]}");
        } else if (path.equals("/v1/users/load")) {
            answer(exchange, marked ? 200 : 404, "{}");
        } else if (body.contains("\"load\"")) {
            marked = true;
            answer(exchange, 200, "{}");
        } else if (path.equals("/metrics")) {
            answer(
                    exchange,
                    200,
                    "# HELP x\njvm_gc_live_data_size_bytes 1.048576E8\nprocess_files_open_files 42.0\nttt4rec_users "
                            + (itemsByUser.size() + strangers) + ".0\n");
        } else {
            load(exchange, path, body);
        }
    }

    private void load(HttpExchange exchange, String path, String body) throws IOException {
        Step step;
        try {
            step = behaviour.on(requests.getAndIncrement());
        } catch (InterruptedException e) {
            exchange.close();
            return;
        }
        if (step == Step.REFUSE) {
            answer(exchange, 503, "{\"detail\":\"too many requests\"}");
            return;
        }
        String text = path.equals("/v1/events") ? append(body) : recommend(path);
        if (step == Step.LOSE_ANSWER) {
            exchange.close();
        } else {
            answer(exchange, 200, text);
        }
    }

    private String append(String body) {
        JsonNode tree = JSON.readTree(body);
        List<String> results = new ArrayList<>();
        for (JsonNode event : tree.isArray() ? tree : JSON.createArrayNode().add(tree)) {
            String user = event.get("user").asString();
            boolean added = eventIds.put(user + "/" + event.get("event_id").asString(), true) == null;
            if (added) {
                itemsByUser
                        .computeIfAbsent(user, first -> new CopyOnWriteArrayList<>())
                        .add(event.get("item").asString());
            }
            results.add("{\"status\":\"" + (added ? "accepted" : "duplicate") + "\"}");
        }
        return "{\"results\":[" + String.join(",", results) + "]}";
    }

    private String recommend(String path) {
        String user = path.split("/", -1)[3];
        return "{\"basis\":\"" + (itemsByUser.containsKey(user) ? "personal" : "popularity")
                + "\",\"items\":[{\"item\":\"a\",\"score\":1}]}";
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static void answerInChunks(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().add("Connection", "close");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                out.write(each);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
