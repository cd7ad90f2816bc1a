package io.github.ttt4rec.serve.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens and what it offers.
 *
 * @param listen where it listens
 * @param limits how much it accepts
 * @param tokens who may call
 * @param tls certificate and key; null for plain HTTP
 * @param names items' names for people, by id; those without one are shown by id
 * @param exampleUsers users to look at first, for the page
 * @param files models to swap in and the place of copies
 */
public record ServerConfig(
        Listen listen,
        Limits limits,
        Tokens tokens,
        @Nullable TlsFiles tls,
        Map<String, String> names,
        List<String> exampleUsers,
        ServerFiles files) {
    /** Copies what can change. */
    public ServerConfig {
        names = Map.copyOf(names);
        exampleUsers = List.copyOf(exampleUsers);
    }

    /** On loopback at any free port, everything allowed, default limits, nothing to swap in and no copies. */
    public static ServerConfig local() {
        return new ServerConfig(
                new Listen("127.0.0.1", 0, List.of()),
                Limits.defaults(),
                Tokens.NONE,
                null,
                Map.of(),
                List.of(),
                ServerFiles.none());
    }

    /** With another port. */
    public ServerConfig withPort(int other) {
        return withListen(new Listen(listen.host(), other, listen.allowedHosts()));
    }

    /** At another place. */
    public ServerConfig withListen(Listen other) {
        return new ServerConfig(other, limits, tokens, tls, names, exampleUsers, files);
    }

    /** With other limits. */
    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(listen, other, tokens, tls, names, exampleUsers, files);
    }

    /** With other tokens. */
    public ServerConfig withTokens(Tokens other) {
        return new ServerConfig(listen, limits, other, tls, names, exampleUsers, files);
    }

    /** With items' names. */
    public ServerConfig withNames(Map<String, String> other) {
        return new ServerConfig(listen, limits, tokens, tls, other, exampleUsers, files);
    }

    /** With users to look at first. */
    public ServerConfig withExampleUsers(List<String> other) {
        return new ServerConfig(listen, limits, tokens, tls, names, other, files);
    }

    /** With directories for models and copies. */
    public ServerConfig withFiles(@Nullable Path models, @Nullable Path store) {
        return new ServerConfig(
                listen, limits, tokens, tls, names, exampleUsers, new ServerFiles(models, store, files.maxBackups()));
    }

    /** With TLS. */
    public ServerConfig withTls(@Nullable TlsFiles other) {
        return new ServerConfig(listen, limits, tokens, other, names, exampleUsers, files);
    }
}
