package io.github.ttt4rec.serve.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens and what it offers.
 *
 * @param host the name or address to listen at; beyond loopback only with client tokens
 * @param port the port; 0 for any that is free
 * @param limits what one client may ask
 * @param tokens who may call
 * @param tls certificate and key; null for plain HTTP
 * @param allowedHosts names that requests may give as Host beside the server's own, as when a proxy stands before it
 * @param names items' names for people, by id; those without one are shown by id
 * @param exampleUsers users to look at first, for the page
 * @param models directory whose subdirectories are the models that may be swapped in; null for none
 * @param store the store's file, beside which copies go; null for none
 */
public record ServerConfig(
        String host,
        int port,
        Limits limits,
        Tokens tokens,
        @Nullable TlsFiles tls,
        List<String> allowedHosts,
        Map<String, String> names,
        List<String> exampleUsers,
        @Nullable Path models,
        @Nullable Path store) {
    /** Copies what can change. */
    public ServerConfig {
        allowedHosts = List.copyOf(allowedHosts);
        names = Map.copyOf(names);
        exampleUsers = List.copyOf(exampleUsers);
    }

    /** On loopback at any free port, everything allowed, default limits, nothing to swap in and no copies. */
    public static ServerConfig local() {
        return new ServerConfig(
                "127.0.0.1", 0, Limits.defaults(), Tokens.NONE, null, List.of(), Map.of(), List.of(), null, null);
    }

    /** With another port. */
    public ServerConfig withPort(int other) {
        return new ServerConfig(host, other, limits, tokens, tls, allowedHosts, names, exampleUsers, models, store);
    }

    /** With other limits. */
    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(host, port, other, tokens, tls, allowedHosts, names, exampleUsers, models, store);
    }

    /** With other tokens. */
    public ServerConfig withTokens(Tokens other) {
        return new ServerConfig(host, port, limits, other, tls, allowedHosts, names, exampleUsers, models, store);
    }

    /** With items' names. */
    public ServerConfig withNames(Map<String, String> other) {
        return new ServerConfig(host, port, limits, tokens, tls, allowedHosts, other, exampleUsers, models, store);
    }

    /** With users to look at first. */
    public ServerConfig withExampleUsers(List<String> other) {
        return new ServerConfig(host, port, limits, tokens, tls, allowedHosts, names, other, models, store);
    }

    /** With directories for models and copies. */
    public ServerConfig withFiles(@Nullable Path otherModels, @Nullable Path otherStore) {
        return new ServerConfig(
                host, port, limits, tokens, tls, allowedHosts, names, exampleUsers, otherModels, otherStore);
    }

    /** With TLS. */
    public ServerConfig withTls(@Nullable TlsFiles other) {
        return new ServerConfig(host, port, limits, tokens, other, allowedHosts, names, exampleUsers, models, store);
    }
}
