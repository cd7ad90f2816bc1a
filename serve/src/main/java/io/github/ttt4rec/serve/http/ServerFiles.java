package io.github.ttt4rec.serve.http;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files a server works with on request.
 *
 * @param models directory whose subdirectories are the models that may be swapped in; null for none
 * @param store the store's file, beside which copies go; null for none
 * @param maxBackups copies that may lie beside the store; then no more are made until one is taken away
 * @param secrets files with tokens, which no other user should be able to read
 */
public record ServerFiles(@Nullable Path models, @Nullable Path store, int maxBackups, List<Path> secrets) {
    /** Copies what can change. */
    public ServerFiles {
        secrets = List.copyOf(secrets);
    }

    /** Copies kept beside the store by default. */
    public static final int DEFAULT_BACKUPS = 8;

    /** No models to swap in and no copies. */
    public static ServerFiles none() {
        return new ServerFiles(null, null, DEFAULT_BACKUPS, List.of());
    }
}
