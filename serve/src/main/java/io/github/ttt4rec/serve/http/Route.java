package io.github.ttt4rec.serve.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route of the server.
 *
 * @param method the HTTP method; GET includes HEAD
 * @param path the path, with a name in braces for each segment that is a parameter, such as {@code /v1/users/{id}}
 * @param access the callers that it admits
 * @param body the body that a request must have
 * @param parameters the names of its query parameters
 * @param endpoint the code that answers its requests
 * @param segments the parts of {@code path}
 */
record Route(
        String method,
        String path,
        Access access,
        BodyType body,
        Set<String> parameters,
        Endpoint endpoint,
        List<String> segments) {
    static Route of(
            String method, String path, Access access, BodyType body, Set<String> parameters, Endpoint endpoint) {
        return new Route(method, path, access, body, parameters, endpoint, split(path));
    }

    /** Splits a path that begins with a slash into segments, without decoding them. */
    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** Returns the encoded values of this path's parameters in {@code raw}; null if the path does not match. */
    @Nullable List<String> match(List<String> raw) {
        if (raw.size() != segments.size()) {
            return null;
        }
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < raw.size(); i++) {
            if (segments.get(i).startsWith("{")) {
                values.add(raw.get(i));
            } else if (!segments.get(i).equals(raw.get(i))) {
                return null;
            }
        }
        return values;
    }

    /** Returns whether this is a health route, which is answered even if no place is free. */
    boolean isHealth() {
        return path.startsWith("/health");
    }

    /** Returns whether callers with a token of one user may call it for that user. */
    boolean isForOwnUser() {
        return path.equals("/v1/events")
                || path.equals("/v1/shelves")
                || (method.equals("POST") && path.equals("/v1/impressions"))
                || (method.equals("GET") && path.startsWith("/v1/users/{id}"));
    }

    /** Returns whether a request of that method is for this route. */
    boolean takes(String requestMethod) {
        return requestMethod.equals(method) || (requestMethod.equals("HEAD") && method.equals("GET"));
    }
}
