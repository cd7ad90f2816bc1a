package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.Failures;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of a model directory.
 *
 * @param directory the directory's path
 * @param config the configuration, in the file's order
 * @param items item ids, indices {@code 1..V}
 * @param popularity the number of training interactions of each item by index, {@code V + 1}; empty if unknown
 * @param weights the tensors of {@code model.safetensors}
 * @param weightsSha256 the SHA-256 of {@code model.safetensors} in hex, which identifies a version of the model
 * @param provenance how it was trained
 */
public record SavedModel(
        Path directory,
        Map<String, Object> config,
        IdMap items,
        long[] popularity,
        TensorFile weights,
        String weightsSha256,
        Provenance provenance) {
    /** The prefix of the names of all tensors of a second stage. */
    public static final String SECOND_STAGE = "second_stage.";

    /** This model without the tensors whose names start with a prefix, such as {@value #SECOND_STAGE}. */
    public SavedModel without(String prefix) {
        Map<String, TensorData> others = new LinkedHashMap<>(weights.tensors());
        others.keySet().removeIf(name -> name.startsWith(prefix));
        TensorFile file = new TensorFile(weights.path(), weights.metadata(), others);
        return new SavedModel(directory, config, items, popularity, file, weightsSha256, provenance);
    }

    /**
     * The weights by name, checked against the configuration.
     *
     * @param expected the name and shape of every tensor
     * @param embedding the name of the item embedding among them, {@code (V + 1, d)}
     * @return the values of each tensor, in the order of {@code expected}
     * @throws UserFacingException if a tensor is missing, unknown or of another shape or type, a value is NaN or
     *     infinite, or the embedding's number of rows does not match the items
     */
    public Map<String, float[]> weights(Map<String, int[]> expected, String embedding) {
        int[] shape = weights.shape(embedding);
        int[] wanted = expected.get(embedding);
        if (wanted == null) {
            throw new IllegalArgumentException("the embedding is not among the expected tensors: " + embedding);
        }
        if (shape.length != 2 || shape[0] != wanted[0]) {
            throw Failures.problem(
                    weights.path(),
                    "tensor " + embedding + " has shape " + Arrays.toString(shape) + ", but " + ModelDirectory.ITEMS
                            + " lists " + items.size() + " items, which asks for " + wanted[0]
                            + " rows: the files do not belong together");
        }
        weights.requireExactly(expected);
        weights.requireFinite();
        Map<String, float[]> values = LinkedHashMap.newLinkedHashMap(expected.size());
        expected.forEach((name, expectedShape) -> values.put(name, weights.floats(name, expectedShape)));
        return values;
    }
}
