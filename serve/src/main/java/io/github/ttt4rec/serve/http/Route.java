package io.github.ttt4rec.serve.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing the server does.
 *
 * @param method the HTTP method; a GET is a HEAD too
 * @param path the path, with a name in braces for each segment that is a parameter, such as {@code /v1/users/{id}}
 * @param access who may call it
 * @param body what a request must carry
 * @param parameters the names of its query parameters
 * @param endpoint what it does
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

    /** The segments of a path that begins with a slash, not decoded. */
    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The values of this path's parameters in {@code raw}, not decoded; null if it is another path. */
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

    /** Returns whether it tells how the server is: answered also if there is no place for other requests. */
    boolean isHealth() {
        return path.startsWith("/health");
    }

    /** Returns whether a caller who may act for one user only may call it, for that user. */
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
