package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Tells a server to serve another model of its directory. */
final class ServerSwap {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int OK = 200;

    private final URI server;
    private final @Nullable String token;

    /**
     * Addresses a server.
     *
     * @param tokenFile a file whose first line is an admin token; null if the server needs none
     */
    ServerSwap(URI server, @Nullable Path tokenFile) {
        this.server = server;
        token = tokenFile == null ? null : firstLine(tokenFile);
    }

    private static String firstLine(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow(() -> new UserFacingException(file + ": holds no token"));
        } catch (IOException failure) {
            throw new UserFacingException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /**
     * Tells the server to load the model, and returns when the server uses it.
     *
     * @param model the name of its directory
     * @throws UserFacingException if the server cannot be reached or refuses; it then keeps its model
     */
    void to(String model) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/v1/model"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        JsonMapper.shared().writeValueAsString(Map.of("directory", model))));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new UserFacingException(
                        server + ": did not take the model \"" + model + "\" and continues with the one" + " before: "
                                + response.statusCode() + " " + response.body().replaceAll("\\s+", " "));
            }
        } catch (IOException failure) {
            throw new UserFacingException(
                    server + ": cannot be reached, so the model was not changed: " + failure.getMessage(), failure);
        }
    }
}
