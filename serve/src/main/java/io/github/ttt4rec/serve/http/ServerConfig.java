package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Withers;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.MemoryPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a server.
 *
 * @param listen its address
 * @param limits its limits
 * @param tokens the tokens of its callers
 * @param tls certificate and key; null for plain HTTP
 * @param names items' display names by id; items without a name are shown by id
 * @param exampleUsers users that the page shows first
 * @param files the directories of models and copies, and files with secrets
 * @param memory the plan that checks whether another model fits into memory
 */
@Withers
public record ServerConfig(
        Listen listen,
        Limits limits,
        Tokens tokens,
        @Nullable TlsFiles tls,
        Map<String, String> names,
        List<String> exampleUsers,
        ServerFiles files,
        MemoryPlan memory)
        implements ServerConfigBuilder.With {
    /** Copies the collections. */
    public ServerConfig {
        names = Map.copyOf(names);
        exampleUsers = List.copyOf(exampleUsers);
    }

    /** Returns the defaults: loopback, any free port, no tokens, default limits, no model directory and no copies. */
    public static ServerConfig local() {
        return new ServerConfig(
                Listen.local(0),
                Limits.defaults(),
                Tokens.NONE,
                null,
                Map.of(),
                List.of(),
                ServerFiles.none(),
                MemoryPlan.ofProcess(EngineConfig.defaults().cacheBytes()));
    }

    /** Returns this configuration with directories for models and copies. */
    public ServerConfig withFiles(@Nullable Path models, @Nullable Path store) {
        return withFiles(new ServerFiles(models, store, files.maxBackups(), files.secrets()));
    }

    /** Returns the files that no other user should be able to read. */
    List<Path> secretFiles() {
        List<Path> all = new ArrayList<>(files.secrets());
        if (tls != null) {
            all.add(tls.key());
        }
        return all;
    }
}
