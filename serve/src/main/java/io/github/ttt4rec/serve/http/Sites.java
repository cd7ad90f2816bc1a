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

    /**
     * Finds the site of a request; throws {@link Problem} 404 for an unknown tenant, 503 for one that could not be
     * opened, and 308 for a tenant's name without the slash after it.
     */
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
        Site open =
                site.orElseThrow(() -> Problem.of(503, "this tenant could not be opened: the server's log says why"));
        if (end < 0) {
            // The page's files and requests are relative to its address. The location is relative as well, so that it
            // holds behind a proxy that adds a prefix.
            throw Problem.of(308, "the pages of this tenant are at /t/" + name + "/")
                    .withHeader("Location", name + "/");
        }
        return new Found(open, rawPath.substring(end));
    }
}
