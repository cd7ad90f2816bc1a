package io.github.ttt4rec.serve.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests from pages of other sites, which a browser on this machine could otherwise send to a server on
 * loopback. The header Host reveals a foreign name that resolves to 127.0.0.1 (DNS rebinding); Origin and
 * Sec-Fetch-Site reveal another site.
 */
final class OriginCheck {
    static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    static final HeaderName FETCH_MODE = HeaderNames.create("Sec-Fetch-Mode");

    private final boolean anyHost;
    private final Set<String> hosts = new TreeSet<>();
    private final Set<String> origins = new TreeSet<>();

    /**
     * Creates the check for a server that listens on {@code address}. On addresses other than loopback, which require
     * tokens, every host is accepted unless some are named.
     *
     * @param named hosts that requests may name in addition to the server's own
     * @param allowed origins, such as {@code https://shop.example}, whose pages may call the server
     */
    OriginCheck(InetAddress address, List<String> named, List<String> allowed) {
        allowed.forEach(origin -> origins.add(origin.toLowerCase(Locale.ROOT)));
        this.anyHost = !address.isLoopbackAddress() && named.isEmpty();
        hosts.addAll(List.of("localhost", "127.0.0.1", "[::1]", name(address)));
        named.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    }

    /** Returns whether pages of an origin may call the server; false for null. */
    boolean allows(@Nullable String origin) {
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** Formats an address for a URL. */
    static String name(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    /** Throws {@link Problem} if a request has a wrong host or comes from a page of another site. */
    void check(String host, @Nullable String origin) {
        String authority = host.toLowerCase(Locale.ROOT);
        if (!anyHost && !hosts.contains(withoutPort(authority))) {
            throw Problem.of(
                    421,
                    "this server does not answer to the name in the header Host (it can be allowed: --allow-host)");
        }
        if (origin != null && !allows(origin)) {
            int start = origin.indexOf("://");
            if (start < 0
                    || !origin.substring(start + 3).toLowerCase(Locale.ROOT).equals(authority)) {
                throw Problem.of(403, "not for pages of other sites");
            }
        }
    }

    /**
     * Throws {@link Problem} if the browser reports that a page of another site caused the request. Browsers do not
     * always send {@code Origin}, but they always send this header. Links from other sites to the page are allowed.
     *
     * @param site the header Sec-Fetch-Site, or null
     * @param mode the header Sec-Fetch-Mode, or null
     */
    void checkSite(@Nullable String site, @Nullable String mode, Access access) {
        if (site == null || site.equals("same-origin") || site.equals("none")) {
            return;
        }
        if (access != Access.PUBLIC || !"navigate".equals(mode)) {
            throw Problem.of(403, "not for pages of other sites");
        }
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }
}
