package io.github.ttt4rec.benchmarks.chaos;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** An HTTP client of the server. No call waits longer than its patience, by default 10 s. */
public final class Client implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern RESULT = Pattern.compile(
            "\"status\":\"(accepted|accepted_unknown_item|duplicate)\",\"position\":([0-9]+),\"event_id\":\"([^\"]+)\"");
    private static final Pattern SEEN =
            Pattern.compile("\"position\":([0-9]+),\"item\":\"([^\"]+)\"[^}]*?\"event_id\":\"([^\"]+)\"");

    private final HttpClient http;
    private final URI uri;
    private final Duration patience;

    /**
     * An answer of the server.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param body the body, or the reason why there is no answer
     */
    public record Answer(int status, String body) {}

    /** Creates a client of plain HTTP. */
    public Client(URI uri) {
        this(uri, PATIENCE);
    }

    /** Creates a client of plain HTTP that waits so long for an answer. */
    public Client(URI uri, Duration patience) {
        this(uri, builder().build(), patience);
    }

    /** Creates a client of HTTPS. */
    Client(URI uri, SSLContext trust) {
        this(uri, builder().sslContext(trust).build(), PATIENCE);
    }

    private Client(URI uri, HttpClient http, Duration patience) {
        this.uri = uri;
        this.http = http;
        this.patience = patience;
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    }

    /** Sends a GET request. */
    public Answer get(String path) {
        return send(request(path).GET());
    }

    /** Sends a POST request with a JSON body. */
    public Answer post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Sends a POST request without a body. */
    public Answer post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Sends a PUT request with a JSON body. */
    public Answer put(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path)).timeout(patience);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "interrupted");
        }
    }

    boolean isReady() {
        return get("/health/ready").status() == 200;
    }

    /** Sends an event and returns its position if the server acknowledged it. */
    Optional<Long> append(String user, String item, String id) {
        Answer answer =
                post("/v1/events", "{\"user\":\"" + user + "\",\"item\":\"" + item + "\",\"event_id\":\"" + id + "\"}");
        Matcher result = RESULT.matcher(answer.body());
        return answer.status() == 200 && result.find() && result.group(3).equals(id)
                ? Optional.of(Long.parseLong(result.group(2)))
                : Optional.empty();
    }

    /** Returns a user's stored events; empty if the answer is not 200. */
    Optional<List<Ledger.Stored>> history(String user) {
        Answer answer = get("/v1/users/" + user + "?limit=1000");
        if (answer.status() != 200) {
            return Optional.empty();
        }
        List<Ledger.Stored> stored = new ArrayList<>();
        Matcher seen = SEEN.matcher(answer.body());
        while (seen.find()) {
            stored.add(new Ledger.Stored(Long.parseLong(seen.group(1)), seen.group(3), seen.group(2)));
        }
        return Optional.of(stored);
    }

    /** Opens connections that send {@code start} and then nothing. */
    List<Socket> connections(int count, String start) {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket(uri.getHost(), uri.getPort());
                sockets.add(socket);
                socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException refused) {
            return sockets; // as many as the server accepts
        }
        return sockets;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
