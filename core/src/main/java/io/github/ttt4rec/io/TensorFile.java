package io.github.ttt4rec.io;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Failures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file in memory.
 *
 * @param path the file it was read from, for messages
 * @param metadata the string map of its header; empty if it has none
 * @param tensors the tensors by name, in the order of the file
 */
public record TensorFile(Path path, Map<String, String> metadata, Map<String, TensorData> tensors) {

    /**
     * The values of a float tensor.
     *
     * @throws UserFacingException if the tensor is missing, of another type or not of exactly this shape
     */
    public float[] floats(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Floats floats) {
            return floats.values();
        }
        throw wrongType(name, "floats");
    }

    /** The values of an I32 tensor; see {@link #floats}. */
    public int[] ints(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Ints ints) {
            return ints.values();
        }
        throw wrongType(name, "I32");
    }

    /** The values of an I64 tensor; see {@link #floats}. */
    public long[] longs(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Longs longs) {
            return longs.values();
        }
        throw wrongType(name, "I64");
    }

    /** The shape of tensor {@code name}, which must exist. */
    public int[] shape(String name) {
        return tensor(name).shape();
    }

    /** Tensor {@code name}, of any type; it must exist. */
    public TensorData tensor(String name) {
        TensorData tensor = tensors.get(name);
        if (tensor == null) {
            throw Failures.problem(path, "has no tensor " + name + ": it belongs to another model, or is damaged");
        }
        return tensor;
    }

    /** The metadata entry {@code key}, which must exist. */
    public String metadata(String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw Failures.problem(
                    path, "its metadata has no entry \"" + key + "\": not a file of this kind, or damaged");
        }
        return value;
    }

    /** The metadata entry {@code key}, which must exist and be a whole number. */
    public long metadataNumber(String key) {
        String value = metadata(key);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException wrong) {
            throw Failures.problem(
                    path, "metadata entry \"" + key + "\" is \"" + value + "\", not a whole number: damaged", wrong);
        }
    }

    /**
     * Checks that all values are finite.
     *
     * @throws UserFacingException naming the first tensor with a NaN or infinite value
     */
    public void requireFinite() {
        for (TensorData tensor : tensors.values()) {
            if (tensor instanceof TensorData.Floats floats) {
                requireFinite(floats);
            }
        }
    }

    /**
     * Checks names and shapes.
     *
     * @throws UserFacingException if the tensors are not exactly those of {@code expected}, which maps names to shapes
     */
    public void requireExactly(Map<String, int[]> expected) {
        expected.forEach(this::require);
        List<String> unknown = tensors.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw Failures.problem(
                    path,
                    "has " + unknown.size() + (unknown.size() == 1 ? " tensor" : " tensors")
                            + " that the configuration does not have, the first is " + unknown.getFirst()
                            + ": it belongs to another model");
        }
    }

    /**
     * An exception, for the caller to throw, that says that tensor {@code name} is damaged or belongs to another model.
     */
    public UserFacingException problem(String name, String what) {
        return Failures.problem(path, "tensor " + name + " " + what + ": damaged, or made for another model");
    }

    /**
     * The values of an I32 tensor that has an entry for each item.
     *
     * @param length the length for this catalogue
     * @throws UserFacingException naming the tensor if it was made for another number of items
     */
    public int[] intsOfItems(String name, int length, int itemCount) {
        requireLengthForItems(name, length, itemCount);
        return ints(name, length);
    }

    /** The same for a float tensor, whose values must be finite. */
    public float[] floatsOfItems(String name, int length, int itemCount) {
        requireLengthForItems(name, length, itemCount);
        return floats(name, length);
    }

    private void requireLengthForItems(String name, int length, int itemCount) {
        int[] shape = shape(name);
        if (shape.length != 1 || shape[0] != length) {
            throw Failures.problem(
                    path,
                    "tensor " + name + " has shape " + Arrays.toString(shape) + ", but items.jsonl lists "
                            + itemCount + " items, which asks for [" + length
                            + "]: the files do not belong together");
        }
    }

    /**
     * Checks that I32 tensor {@code name} holds valid row offsets into {@code size} entries.
     *
     * @throws UserFacingException if it does not
     */
    public void requireOffsets(String name, int size) {
        int[] offsets = ints(name, shape(name));
        boolean valid = offsets.length > 0 && offsets[0] == 0 && offsets[offsets.length - 1] == size;
        for (int i = 1; valid && i < offsets.length; i++) {
            valid = offsets[i - 1] <= offsets[i];
        }
        if (!valid) {
            throw problem(name, "does not cut " + size + " entries into rows");
        }
    }

    /**
     * Checks that all values of I32 tensor {@code name} are in {@code min .. max}.
     *
     * @throws UserFacingException if one is not
     */
    public void requireRange(String name, int min, int max) {
        for (int value : ints(name, shape(name))) {
            if (value < min || value > max) {
                throw problem(name, "holds " + value + ", which is not in " + min + ".." + max);
            }
        }
    }

    private TensorData require(String name, int[] shape) {
        TensorData tensor = tensor(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw Failures.problem(
                    path,
                    "tensor " + name + " has shape " + Arrays.toString(tensor.shape()) + ", expected "
                            + Arrays.toString(shape) + ": it belongs to another model or configuration");
        }
        return tensor;
    }

    private void requireFinite(TensorData.Floats tensor) {
        float[] values = tensor.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw Failures.problem(
                        path, "tensor " + tensor.name() + " holds " + values[i] + " at index " + i + ": damaged");
            }
        }
    }

    private UserFacingException wrongType(String name, String expected) {
        String found = switch (tensor(name)) {
            case TensorData.Floats floats -> "floats";
            case TensorData.Ints ints -> "I32";
            case TensorData.Longs longs -> "I64";
        };
        return Failures.problem(path, "tensor " + name + " holds " + found + ", expected " + expected);
    }
}
