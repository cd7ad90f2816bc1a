package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.internal.Ranges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The target server. It must be on this machine, because this tool must not load other people's servers.
 *
 * @param address the loopback address that it listens on
 * @param authority host and port as in the URL
 * @param path the path of a tenant, such as {@code /t/shoes}; empty for a server of one catalogue
 */
public record LoadTarget(InetSocketAddress address, String authority, String path) {
    private static final Pattern TENANT = Pattern.compile("/t/[a-z0-9][a-z0-9_-]*");

    private static final int HTTP_PORT = 80;

    /** Checks that the server is on this machine. */
    public LoadTarget {
        Ranges.require(
                !address.isUnresolved() && address.getAddress().isLoopbackAddress(),
                authority + " is not on this machine: only a loopback address such as 127.0.0.1 is loaded");
    }

    /**
     * Parses a URL such as {@code http://127.0.0.1:8080} or {@code http://127.0.0.1:8080/t/shoes}.
     *
     * @throws IllegalArgumentException if it is not such a URL, or not on this machine
     */
    public static LoadTarget parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + url + "' is not a URL such as http://127.0.0.1:8080", e);
        }
        String host = uri.getHost();
        boolean plain = host != null
                && "http".equalsIgnoreCase(uri.getScheme())
                && uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.getFragment() == null;
        String path = plain ? uri.getPath().replaceFirst("/$", "") : "";
        plain = plain && (path.isEmpty() || TENANT.matcher(path).matches());
        if (!plain) {
            throw new IllegalArgumentException(
                    "'" + url + "' is not http, a host, a port and at most a tenant's path, such as"
                            + " http://127.0.0.1:8080 or http://127.0.0.1:8080/t/shoes");
        }
        try {
            return new LoadTarget(
                    new InetSocketAddress(InetAddress.getByName(host), uri.getPort() < 0 ? HTTP_PORT : uri.getPort()),
                    uri.getAuthority(),
                    path);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("there is no host " + host, e);
        }
    }

    @Override
    public String toString() {
        return "http://" + authority + path;
    }
}
