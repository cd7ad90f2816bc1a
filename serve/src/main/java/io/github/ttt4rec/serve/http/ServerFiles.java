package io.github.ttt4rec.serve.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files a server works with on request.
 *
 * @param models directory whose subdirectories are the models that may be swapped in; null for none
 * @param store the store's file, beside which copies go; null for none
 * @param maxBackups copies that may lie beside the store; then no more are made until one is taken away
 */
public record ServerFiles(@Nullable Path models, @Nullable Path store, int maxBackups) {
    /** Copies kept beside the store by default. */
    public static final int DEFAULT_BACKUPS = 8;

    /** No models to swap in and no copies. */
    public static ServerFiles none() {
        return new ServerFiles(null, null, DEFAULT_BACKUPS);
    }
}
