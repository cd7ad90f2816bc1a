package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The address that a server listens at, and from where it may be called.
 *
 * @param host the name or address to listen at; beyond loopback only with client tokens
 * @param port the port; 0 for any that is free
 * @param allowedHosts names that requests may give as Host beside the server's own, as when a proxy stands before it
 * @param allowedOrigins origins, such as {@code https://shop.example}, whose pages may call the server
 */
public record Listen(String host, int port, List<String> allowedHosts, List<String> allowedOrigins) {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#\\s@]+");

    /**
     * Copies what can change.
     *
     * @throws IllegalArgumentException if an origin has not the form of one
     */
    public Listen {
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            Ranges.require(
                    ORIGIN.matcher(origin).matches(),
                    "'" + origin
                            + "' is no origin: it is a scheme and a host, such as https://shop.example, without a path");
        }
    }

    /** An address without allowed origins. */
    public Listen(String host, int port, List<String> allowedHosts) {
        this(host, port, allowedHosts, List.of());
    }
}
