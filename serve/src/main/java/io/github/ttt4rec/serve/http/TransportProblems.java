package io.github.ttt4rec.serve.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Answers malformed HTTP, which never becomes a request, with a problem document and closes the connection. Helidon
 * reports some of the client's errors as server errors (an unknown transfer coding or version, an end within the
 * headers); 5xx is reserved for failures of this server, which alert operators.
 */
final class TransportProblems implements DirectHandler {
    private TransportProblems() {}

    /** Creates a handler for every kind of event. */
    static DirectHandlers handlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new TransportProblems());
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        Response answer = problem(status.code()).answer();
        return TransportResponse.builder()
                .status(Status.create(answer.status()))
                .header(HeaderNames.CONTENT_TYPE, String.valueOf(answer.contentType()))
                .header(HeaderNames.CONNECTION, "close")
                .keepAlive(false)
                .entity(answer.body())
                .build();
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 413 -> Problem.of(413, "the body is far larger than this server takes");
            case 414 ->
                Problem.of(
                        414,
                        "the path with its parameters has more than " + Listener.MAX_FIRST_LINE_BYTES
                                + " bytes; POST takes filters and lists of ids in the body");
            case 505 -> Problem.of(400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
            default -> Problem.of(400, "this is not HTTP as it should be, or has too many headers");
        };
    }
}
