package io.github.ttt4rec.serve.http;

import java.util.Map;
import java.util.Optional;

/**
 * The catalogues of a server by the paths of requests: {@code /t/TENANT/v1/...} is the path {@code /v1/...} of a tenant, and other
 * paths belong to the server itself.
 *
 * @param main the server's own
 * @param tenants those of its tenants by name; empty for a tenant that could not be opened
 */
record Sites(Site main, Map<String, Optional<Site>> tenants) {
    private static final String PREFIX = "/t/";

    /** A site and the path within it, not decoded. */
    record Found(Site site, String path) {}

    /** Finds the site of a request; throws {@link Problem} 404 for an unknown tenant and 503 for one that could not be opened. */
    Found find(String rawPath) {
        if (tenants.isEmpty() || !rawPath.startsWith(PREFIX)) {
            return new Found(main, rawPath);
        }
        int end = rawPath.indexOf('/', PREFIX.length());
        String name = rawPath.substring(PREFIX.length(), end < 0 ? rawPath.length() : end);
        Optional<Site> site = tenants.get(name);
        if (site == null) {
            throw Problem.notFound("there is no tenant '" + InvalidField.shown(name)
                    + "': a path is /t/TENANT/v1/..., with a name of the file that serve --tenants was given");
        }
        return new Found(
                site.orElseThrow(() -> Problem.of(503, "this tenant could not be opened: the server's log says why")),
                end < 0 ? "/" : rawPath.substring(end));
    }
}
