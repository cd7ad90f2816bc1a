package io.github.ttt4rec.autograd;

import java.util.Arrays;

/**
 * A learned array with a name. Its values change only between training steps ({@link ParameterSet#updated()}); during a
 * forward or backward pass any number of threads may read it.
 */
public final class Parameter {
    /** How a parameter starts. */
    public enum Init {
        /** Normal with mean 0 and standard deviation 0.02. */
        NORMAL,
        /** As {@link #NORMAL}, but the first row, that of padding, is zero. */
        NORMAL_TABLE,
        ZERO,
        ONE,
        /** Uniform in ±1/√(inputs per output), PyTorch's default for convolutions; the shape's last extent counts the inputs. */
        UNIFORM_FAN_IN
    }

    private final String name;
    private final int index;
    private final int[] shape;
    private final Init init;
    private final float[] value;
    private final PackedMatrix packed;

    Parameter(String name, int index, Init init, int[] shape) {
        this.name = name;
        this.index = index;
        this.init = init;
        this.shape = shape.clone();
        this.value =
                new float[Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b))];
        this.packed = shape.length == 2 ? new PackedMatrix(shape[0], shape[1]) : new PackedMatrix(0, 0);
    }

    /** The published code's name, as in {@code model.safetensors}. */
    public String name() {
        return name;
    }

    /** Its number in its {@link ParameterSet}. */
    public int index() {
        return index;
    }

    /** Its extents. */
    public int[] shape() {
        return shape.clone();
    }

    /** The extent of dimension {@code i}. */
    public int extent(int i) {
        return shape[i];
    }

    /** How it starts. */
    public Init init() {
        return init;
    }

    /** The values, row-major; not a copy. */
    public float[] value() {
        return value;
    }

    /** The number of values. */
    public int size() {
        return value.length;
    }

    /** For a matrix {@code (out, in)}: its values in the order in which {@code x·Wᵀ} reads them. */
    public PackedMatrix packed() {
        return packed;
    }
}
