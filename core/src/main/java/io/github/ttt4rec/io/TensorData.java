package io.github.ttt4rec.io;

/**
 * A named tensor with its values, row-major. Arrays are shared, not copied, and must not change while they are being
 * saved.
 */
public sealed interface TensorData {
    /** The tensor's name in the file. */
    String name();

    /** The sizes, outermost first; empty for a scalar. */
    int[] shape();

    /** The number of values. */
    int size();

    /** Stored as F32. F64, F16 and BF16 tensors are read as F32. */
    record Floats(String name, int[] shape, float[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if shape and values disagree. */
        public Floats {
            requireSize(name, shape, values.length);
        }

        @Override
        public int size() {
            return values.length;
        }
    }

    /** Stored as I32. */
    record Ints(String name, int[] shape, int[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if shape and values disagree. */
        public Ints {
            requireSize(name, shape, values.length);
        }

        @Override
        public int size() {
            return values.length;
        }
    }

    /** Stored as I64. */
    record Longs(String name, int[] shape, long[] values) implements TensorData {
        /** Throws {@link IllegalArgumentException} if shape and values disagree. */
        public Longs {
            requireSize(name, shape, values.length);
        }

        @Override
        public int size() {
            return values.length;
        }
    }

    private static void requireSize(String name, int[] shape, int size) {
        long product = 1;
        for (int length : shape) {
            product = Math.multiplyExact(product, length);
        }
        if (product != size) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + size + " values, but its shape asks for " + product);
        }
    }
}
