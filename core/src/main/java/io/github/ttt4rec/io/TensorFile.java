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
 * @param metadata its string map, empty if it has none
 * @param tensors by name, in the order of the file's bytes
 */
public record TensorFile(Path path, Map<String, String> metadata, Map<String, TensorData> tensors) {

    /** The values of a float tensor, which must have exactly {@code shape}. */
    public float[] floats(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Floats floats) {
            return floats.values();
        }
        throw wrongType(name, "floats");
    }

    /** The values of an I32 tensor, which must have exactly {@code shape}. */
    public int[] ints(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Ints ints) {
            return ints.values();
        }
        throw wrongType(name, "I32");
    }

    /** The values of an I64 tensor, which must have exactly {@code shape}. */
    public long[] longs(String name, int... shape) {
        if (require(name, shape) instanceof TensorData.Longs longs) {
            return longs.values();
        }
        throw wrongType(name, "I64");
    }

    /** The shape of tensor {@code name}. */
    public int[] shape(String name) {
        return tensor(name).shape();
    }

    /** Tensor {@code name}, whatever its type. */
    public TensorData tensor(String name) {
        TensorData tensor = tensors.get(name);
        if (tensor == null) {
            throw Failures.problem(path, "has no tensor " + name + ": it belongs to another model, or is damaged");
        }
        return tensor;
    }

    /** Metadata entry {@code key}, which must be there. */
    public String metadata(String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw Failures.problem(
                    path, "its metadata has no entry \"" + key + "\": not a file of this kind, or damaged");
        }
        return value;
    }

    /** Metadata entry {@code key} as a whole number, which it must be. */
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
     * Throws a {@link UserFacingException} that names the first tensor with a NaN or infinite value, if any has one.
     */
    public void requireFinite() {
        for (TensorData tensor : tensors.values()) {
            if (tensor instanceof TensorData.Floats floats) {
                requireFinite(floats);
            }
        }
    }

    /**
     * Throws a {@link UserFacingException} if the tensors are not exactly those named, {@code expected} name →
     * shape.
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

    /** The problem that tensor {@code name} is damaged or was made for something else, to be thrown. */
    public UserFacingException problem(String name, String what) {
        return Failures.problem(path, "tensor " + name + " " + what + ": damaged, or made for another model");
    }

    /**
     * The values of an I32 tensor that has an entry for each item.
     *
     * @param length its length for this catalogue
     * @throws UserFacingException that names the tensor if it was made for another number of items
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

    /** Throws a {@link UserFacingException} if I32 tensor {@code name} does not cut {@code size} entries into rows. */
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

    /** Throws a {@link UserFacingException} if a value of I32 tensor {@code name} is not in {@code min .. max}. */
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
