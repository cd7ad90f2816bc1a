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
 * The state of a training run in one safetensors file: weights, optimizer moments and whatever else the trainer needs,
 * as tensors, and its counters as a string map. Replaced in one step, so that a crash or a full disk while saving
 * leaves the checkpoint before it.
 */
public final class Checkpoint {
    /** The version of the format that is written, and the newest that is read. */
    public static final int FORMAT_VERSION = 1;

    private static final String FORMAT = "format";
    private static final String NAME = "ttt4rec checkpoint";
    private static final String VERSION = "format_version";

    private Checkpoint() {}

    /**
     * Saves a checkpoint at {@code path}, whose directory is made if it does not exist. The keys {@code format} and
     * {@code format_version} of the metadata are taken.
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
     * Loads a checkpoint. Throws a one-line {@link UserFacingException} if it is missing, damaged or no checkpoint.
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

    /** Older versions wrote the keys of the metadata in camelCase. */
    private static TensorFile snakeCase(TensorFile file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        file.metadata().forEach((key, value) -> metadata.put(ResultJson.snakeCase(key), value));
        return new TensorFile(file.path(), metadata, file.tensors());
    }
}
