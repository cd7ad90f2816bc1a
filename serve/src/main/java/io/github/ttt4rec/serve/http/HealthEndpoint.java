package io.github.ttt4rec.serve.http;

/** Reports whether the server runs and whether it is ready for requests. */
final class HealthEndpoint {
    private final ServerState state;

    HealthEndpoint(ServerState state) {
        this.state = state;
    }

    Answer live(Call call) {
        return Answer.json(Json.write(json -> json.writeStringProperty("status", "live")));
    }

    Answer ready(Call call) {
        String reason = state.unready();
        if (reason != null) {
            throw Problem.of(503, reason);
        }
        return Answer.json(Json.write(json -> json.writeStringProperty("status", "ready")));
    }
}
