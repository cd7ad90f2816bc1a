package io.github.ttt4rec.serve.http;

import java.util.List;

/**
 * The address that a server listens at.
 *
 * @param host the name or address to listen at; beyond loopback only with client tokens
 * @param port the port; 0 for any that is free
 * @param allowedHosts names that requests may give as Host beside the server's own, as when a proxy stands before it
 */
public record Listen(String host, int port, List<String> allowedHosts) {
    /** Copies what can change. */
    public Listen {
        allowedHosts = List.copyOf(allowedHosts);
    }
}
