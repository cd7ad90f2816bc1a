package io.github.ttt4rec.serve.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param status the HTTP status
 * @param contentType the type of the body; null if there is none
 * @param body the body
 * @param headers headers in addition to those of every answer
 * @param closes whether to close the connection after it
 */
record Response(int status, @Nullable String contentType, byte[] body, Map<String, String> headers, boolean closes) {
    static final String JSON = "application/json";
    private static final byte[] NOTHING = {};

    Response(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, false);
    }

    /** Creates an answer 200 with JSON. */
    static Response json(byte[] body) {
        return new Response(200, JSON, body, Map.of());
    }

    /** Creates an answer 200 with UTF-8 text of the given type. */
    static Response text(String contentType, String body) {
        return new Response(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Creates an answer without a body. */
    static Response empty(int status) {
        return new Response(status, null, NOTHING, Map.of());
    }

    Response withStatus(int other) {
        return new Response(other, contentType, body, headers, closes);
    }

    Response withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, contentType, body, more, closes);
    }

    /** Returns this answer, but closing the connection. */
    Response closing() {
        return new Response(status, contentType, body, headers, true);
    }
}
