package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The address that a server listens on, and the hosts and origins that may call it.
 *
 * @param host the name or address to listen on; addresses other than loopback require client tokens
 * @param port the port; 0 for any free one
 * @param allowedHosts names that the header Host may have in addition to the server's own, such as a proxy's
 * @param allowedOrigins origins, such as {@code https://shop.example}, whose pages may call the server
 */
public record Listen(String host, int port, List<String> allowedHosts, List<String> allowedOrigins) {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#\\s@]+");

    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if an origin is malformed
     */
    public Listen {
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            Ranges.require(
                    ORIGIN.matcher(origin).matches(),
                    "'" + origin
                            + "' is not an origin: write a scheme and a host, such as https://shop.example, without a path");
        }
    }

    /** Returns the loopback address, which other machines cannot call, with a port; 0 for any free one. */
    public static Listen local(int port) {
        return new Listen("127.0.0.1", port, List.of(), List.of());
    }
}
