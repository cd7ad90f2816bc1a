package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Failures;
import io.github.ttt4rec.internal.ResultJson;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a training run in one safetensors file: weights, optimizer moments and other tensors of the trainer, and
 * its counters as a string map. The file is replaced atomically, so that the previous checkpoint survives a crash or a
 * full disk during saving.
 */
public final class Checkpoint {
    /** The format version that is written, which is also the newest that can be read. */
    public static final int FORMAT_VERSION = 1;

    private static final String FORMAT = "format";
    private static final String NAME = "ttt4rec checkpoint";
    private static final String VERSION = "format_version";

    private Checkpoint() {}

    /**
     * Saves a checkpoint at {@code path}, whose directory is created if necessary. The metadata keys {@code format} and
     * {@code format_version} are reserved.
     */
    public static void save(Path path, Map<String, String> metadata, List<? extends TensorData> tensors) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(FORMAT, NAME);
        entries.put(VERSION, Integer.toString(FORMAT_VERSION));
        metadata.forEach((key, value) -> {
            if (entries.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException("metadata key is taken: " + key);
            }
        });
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            AtomicFiles.createDirectories(directory);
        }
        Safetensors.write(path, entries, tensors);
    }

    /**
     * Loads a checkpoint.
     *
     * @throws UserFacingException if it is missing, damaged or not a checkpoint
     */
    public static TensorFile load(Path path) {
        if (!Files.exists(path)) {
            throw Failures.problem(path, "there is no such checkpoint");
        }
        TensorFile file = snakeCase(Safetensors.read(path));
        if (!NAME.equals(file.metadata().get(FORMAT))) {
            throw Failures.problem(path, "not a ttt4rec checkpoint (its metadata does not say so)");
        }
        long version = file.metadataNumber(VERSION);
        if (version > FORMAT_VERSION) {
            throw Failures.problem(
                    path,
                    "written by a newer ttt4rec (checkpoint format " + version + "; this one reads up to "
                            + FORMAT_VERSION + "): update ttt4rec");
        }
        return file;
    }

    /** Converts the metadata keys, which older versions wrote in camelCase. */
    private static TensorFile snakeCase(TensorFile file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        file.metadata().forEach((key, value) -> metadata.put(ResultJson.snakeCase(key), value));
        return new TensorFile(file.path(), metadata, file.tensors());
    }
}
