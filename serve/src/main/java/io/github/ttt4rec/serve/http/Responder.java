package io.github.ttt4rec.serve.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;

/** Sends answers. */
final class Responder {
    /** The maximum remaining length of a refused request's body that is read, so that the connection stays usable. */
    private static final long MAX_DRAINED = 1 << 16;

    /** Headers of every answer that does not set them itself. */
    private static final List<Header> USUAL = List.of(
            HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
            HeaderValues.createCached("Cache-Control", "no-store"),
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

    private static final byte[] NOTHING = {};

    private final ServerState state;

    Responder(ServerState state) {
        this.state = state;
    }

    /** Sends an answer; returns whether the connection must then be closed. */
    boolean send(ServerRequest request, RoutingResponse response, Response answer) {
        boolean close = state.stopping()
                || answer.closes()
                || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || hasLongRest(request);
        response.status(Status.create(answer.status()));
        USUAL.forEach(response::header);
        answer.headers().forEach((name, value) -> response.header(name, value));
        if (answer.contentType() != null) {
            response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (close) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        if (request.prologue().method().text().equals("HEAD")) {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(answer.body().length));
            response.send(NOTHING);
        } else if (answer.body().length == 0) {
            response.send();
        } else {
            response.send(answer.body());
        }
        return close;
    }

    /** Returns whether more of a request's body is left than should be read. */
    private static boolean hasLongRest(ServerRequest request) {
        ReadableEntity content = request.content();
        if (!content.hasEntity() || content.consumed()) {
            return false;
        }
        long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
        return length > MAX_DRAINED || request.headers().contains(HeaderNames.EXPECT);
    }
}
