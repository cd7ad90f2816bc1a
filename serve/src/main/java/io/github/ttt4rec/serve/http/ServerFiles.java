package io.github.ttt4rec.serve.http;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that requests can make a server use.
 *
 * @param models the directory whose subdirectories are the models that may be swapped in; null for none
 * @param store the store's file, next to which copies are written; null for none
 * @param maxBackups the maximum number of copies next to the store; further ones are refused until one is removed
 * @param secrets files with tokens and keys, which no other user should be able to read
 */
public record ServerFiles(@Nullable Path models, @Nullable Path store, int maxBackups, List<Path> secrets) {
    /** Copies the list. */
    public ServerFiles {
        secrets = List.copyOf(secrets);
    }

    /** The default maximum number of copies. */
    public static final int DEFAULT_BACKUPS = 8;

    /** No model directory and no copies. */
    public static ServerFiles none() {
        return new ServerFiles(null, null, DEFAULT_BACKUPS, List.of());
    }
}
