package io.github.ttt4rec.serve.http;

import java.util.List;

/** Reports whether the server runs, and whether it should receive requests. */
final class HealthEndpoint {
    private final ServerState state;

    HealthEndpoint(ServerState state) {
        this.state = state;
    }

    Response live(Call call) {
        return Response.json(Json.write(json -> json.writeStringProperty("status", "live")));
    }

    Response ready(Call call) {
        List<String> reasons = state.unready();
        if (!reasons.isEmpty()) {
            throw Problem.of(503, String.join("; ", reasons));
        }
        return Response.json(Json.write(json -> json.writeStringProperty("status", "ready")));
    }

    /** The status is always 200; the body describes the state. */
    Response words(Call call) {
        List<String> reasons = state.unready();
        return Response.json(Json.write(json -> {
            json.writeStringProperty("status", reasons.isEmpty() ? "ready" : "unready");
            json.writeArrayPropertyStart("reasons");
            reasons.forEach(json::writeString);
            json.writeEndArray();
        }));
    }
}
