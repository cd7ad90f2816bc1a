package io.github.ttt4rec.autograd;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A learned array with a name. Its values change only between training steps ({@link ParameterSet#updated()}); during a
 * forward or backward pass any number of threads may read it.
 */
public final class Parameter {
    /** The initialisation of a parameter. Models may define their own. */
    @FunctionalInterface
    public interface Init {
        Init ZERO = constant(0);
        Init ONE = constant(1);
        /** Normal with mean 0 and standard deviation 0.02. */
        Init NORMAL = (values, shape, random) -> normal(values, 0.02, random);
        /** As {@link #NORMAL}, but with zeros in the first row, which is padding. */
        Init NORMAL_TABLE = NORMAL.withZeroPadding();
        /**
         * Uniform in ±1/√(inputs per output), PyTorch's default for convolutions and linear maps; the last dimension is
         * the number of inputs.
         */
        Init UNIFORM_FAN_IN =
                (values, shape, random) -> uniform(values, 1 / Math.sqrt(shape[shape.length - 1]), random);
        /** For matrices, Glorot and Bengio 2010: normal with standard deviation √(2/(rows + columns)). */
        Init XAVIER_NORMAL = (values, shape, random) -> normal(values, Math.sqrt(2.0 / (shape[0] + shape[1])), random);
        /** For matrices, Glorot and Bengio 2010: uniform in ±√(6/(rows + columns)). */
        Init XAVIER_UNIFORM =
                (values, shape, random) -> uniform(values, Math.sqrt(6.0 / (shape[0] + shape[1])), random);

        /** Sets all values of a parameter of that shape, deterministically for a given state of the generator. */
        void fill(float[] values, int[] shape, SplittableRandom random);

        /** The same initialisation, but with zeros in the first row, which is padding in an item table. */
        default Init withZeroPadding() {
            return (values, shape, random) -> {
                fill(values, shape, random);
                Arrays.fill(values, 0, shape[1], 0f);
            };
        }

        /** All values equal to {@code value}. */
        static Init constant(double value) {
            return (values, shape, random) -> Arrays.fill(values, (float) value);
        }

        /** Uniform in ±{@code bound}. */
        static Init uniform(double bound) {
            return (values, shape, random) -> uniform(values, bound, random);
        }

        private static void normal(float[] values, double standardDeviation, SplittableRandom random) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (standardDeviation * random.nextGaussian());
            }
        }

        private static void uniform(float[] values, double bound, SplittableRandom random) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-bound, bound);
            }
        }
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

    /** The parameter's name in the published code and in {@code model.safetensors}. */
    public String name() {
        return name;
    }

    /** The parameter's index in its {@link ParameterSet}. */
    public int index() {
        return index;
    }

    /** The size of each dimension. */
    public int[] shape() {
        return shape.clone();
    }

    /** The size of dimension {@code i}. */
    public int extent(int i) {
        return shape[i];
    }

    /** The initialisation. */
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

    /** The values of a matrix {@code (out, in)} in the packed order in which {@code x·Wᵀ} reads them. */
    public PackedMatrix packed() {
        return packed;
    }
}
