package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.MemoryPlan;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * @param files models to swap in, the place of copies, and files with secrets
 * @param memory whether there is room for another model
 */
public record ServerConfig(
        Listen listen,
        Limits limits,
        Tokens tokens,
        @Nullable TlsFiles tls,
        Map<String, String> names,
        List<String> exampleUsers,
        ServerFiles files,
        MemoryPlan memory) {
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
                ServerFiles.none(),
                MemoryPlan.ofProcess(EngineConfig.defaults().cacheBytes()));
    }

    /** With another port. */
    public ServerConfig withPort(int other) {
        return withListen(new Listen(listen.host(), other, listen.allowedHosts(), listen.allowedOrigins()));
    }

    /** At another place. */
    public ServerConfig withListen(Listen other) {
        return new ServerConfig(other, limits, tokens, tls, names, exampleUsers, files, memory);
    }

    /** With other limits. */
    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(listen, other, tokens, tls, names, exampleUsers, files, memory);
    }

    /** With other tokens. */
    public ServerConfig withTokens(Tokens other) {
        return new ServerConfig(listen, limits, other, tls, names, exampleUsers, files, memory);
    }

    /** With items' names. */
    public ServerConfig withNames(Map<String, String> other) {
        return new ServerConfig(listen, limits, tokens, tls, other, exampleUsers, files, memory);
    }

    /** With users to look at first. */
    public ServerConfig withExampleUsers(List<String> other) {
        return new ServerConfig(listen, limits, tokens, tls, names, other, files, memory);
    }

    /** With directories for models and copies. */
    public ServerConfig withFiles(@Nullable Path models, @Nullable Path store) {
        return new ServerConfig(
                listen,
                limits,
                tokens,
                tls,
                names,
                exampleUsers,
                new ServerFiles(models, store, files.maxBackups(), files.secrets()),
                memory);
    }

    /** With TLS. */
    public ServerConfig withTls(@Nullable TlsFiles other) {
        return new ServerConfig(listen, limits, tokens, other, names, exampleUsers, files, memory);
    }

    /** With another plan of the heap. */
    public ServerConfig withMemory(MemoryPlan other) {
        return new ServerConfig(listen, limits, tokens, tls, names, exampleUsers, files, other);
    }

    /** Files that no other user should be able to read. */
    List<Path> secretFiles() {
        List<Path> all = new ArrayList<>(files.secrets());
        if (tls != null) {
            all.add(tls.key());
        }
        return all;
    }
}
