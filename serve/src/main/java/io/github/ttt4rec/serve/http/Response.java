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
 * @param headers headers beside those that every answer has
 * @param closes whether the connection must end with it
 */
record Response(int status, @Nullable String contentType, byte[] body, Map<String, String> headers, boolean closes) {
    static final String JSON = "application/json";
    private static final byte[] NOTHING = {};

    Response(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, false);
    }

    /** 200 with JSON. */
    static Response json(byte[] body) {
        return new Response(200, JSON, body, Map.of());
    }

    /** 200 with text of some type, UTF-8. */
    static Response text(String contentType, String body) {
        return new Response(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A status without a body. */
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

    /** The same, and the connection ends with it. */
    Response closing() {
        return new Response(status, contentType, body, headers, true);
    }
}
