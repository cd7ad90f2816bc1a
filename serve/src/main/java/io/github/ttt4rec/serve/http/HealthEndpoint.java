package io.github.ttt4rec.serve.http;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether the server runs, and whether it should get requests. */
final class HealthEndpoint {
    private final Supplier<@Nullable String> unready;

    /** {@code unready} says why no requests should come, or null. */
    HealthEndpoint(Supplier<@Nullable String> unready) {
        this.unready = unready;
    }

    Answer live(Call call) {
        return Answer.json(Json.write(json -> json.writeStringProperty("status", "live")));
    }

    Answer ready(Call call) {
        String reason = unready.get();
        if (reason != null) {
            throw Problem.of(503, reason);
        }
        return Answer.json(Json.write(json -> json.writeStringProperty("status", "ready")));
    }
}
