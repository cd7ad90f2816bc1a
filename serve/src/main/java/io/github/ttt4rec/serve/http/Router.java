package io.github.ttt4rec.serve.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the route of a request. If two paths match, the first one wins. */
final class Router {
    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * A route and the encoded values of its path's parameters.
     *
     * @param route the route
     * @param values the values of its path's parameters, in order
     */
    record Match(Route route, List<String> values) {}

    /**
     * Finds the route; throws {@link Problem} 404 if no path matches, 405 if only the method does not match.
     *
     * @param rawPath the encoded path with its slash
     */
    Match match(String method, String rawPath) {
        if (!rawPath.startsWith("/")) {
            throw Problem.badRequest("the path must begin with a slash");
        }
        List<String> segments = Route.split(rawPath);
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            List<String> values = route.match(segments);
            if (values == null) {
                continue;
            }
            if (route.takes(method)) {
                return new Match(route, values);
            }
            methods.add(route.method());
            if (route.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        if (methods.isEmpty()) {
            throw Problem.notFound("nothing here; GET /openapi.yaml says what there is");
        }
        String allowed = String.join(", ", methods);
        throw Problem.of(405, "here are only: " + allowed).withHeader("Allow", allowed);
    }
}
