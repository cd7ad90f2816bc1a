package io.github.ttt4rec.serve.http;

import io.helidon.http.Status;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * Ends a request with an error, an RFC 9457 problem. Clients see its text, so it must not contain internals such as
 * files, classes or stack traces.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String TYPE = "application/problem+json";

    private final transient Response answer;

    private Problem(Response answer, String detail) {
        super(detail, null, false, false);
        this.answer = answer;
    }

    /** Creates a problem with an HTTP status; {@code detail} is one line that says what is wrong and what to do. */
    static Problem of(int status, String detail) {
        return of(status, detail, more -> {});
    }

    /** Creates a problem with additional members. */
    static Problem of(int status, String detail, Consumer<JsonGenerator> more) {
        byte[] body = Json.write(json -> {
            json.writeStringProperty("type", "about:blank");
            json.writeStringProperty("title", Status.create(status).reasonPhrase());
            json.writeNumberProperty("status", status);
            json.writeStringProperty("detail", detail);
            more.accept(json);
        });
        return new Problem(new Response(status, TYPE, body, Map.of()), detail);
    }

    static Problem badRequest(String detail) {
        return of(400, detail);
    }

    static Problem notFound(String detail) {
        return of(404, detail);
    }

    Problem withHeader(String name, String value) {
        return new Problem(answer.withHeader(name, value), String.valueOf(getMessage()));
    }

    /** Returns this problem, but closing the connection. */
    Problem closing() {
        return new Problem(answer.closing(), String.valueOf(getMessage()));
    }

    Response answer() {
        return answer;
    }
}
