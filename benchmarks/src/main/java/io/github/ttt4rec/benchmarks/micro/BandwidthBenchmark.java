package io.github.ttt4rec.benchmarks.micro;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The bandwidth of one core for each level of memory. Bytes are counted as in STREAM (McCalpin 1995): those that the
 * program reads and writes, without the cache lines that a store fetches first.
 */
@State(Scope.Thread)
public class BandwidthBenchmark implements Counted {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /**
     * A level of the memory hierarchy, with the total size of the arrays in bytes: about half of the level's usual
     * size.
     */
    public enum Level {
        /** First-level cache. */
        L1(16 << 10),
        /** Second-level cache. */
        L2(384 << 10),
        /** The last-level cache that cores share. */
        L3(8 << 20),
        /** Main memory. */
        RAM(256 << 20);

        private final int bytes;

        Level(int bytes) {
            this.bytes = bytes;
        }

        /** Returns the level that arrays of this total size fit in with room to spare. */
        public static Level of(double bytes) {
            for (Level level : values()) {
                if (bytes <= 1.5 * level.bytes) {
                    return level;
                }
            }
            return RAM;
        }
    }

    /** The cache level that the arrays fit into. */
    @Param
    public Level level;

    private float[] x;
    private float[] y;
    private float[] z;

    /** Makes the arrays. */
    @Setup
    public void setUp() {
        x = Inputs.normal(length());
        y = Inputs.normal(length());
        z = new float[length()];
    }

    /** Returns the length of each array: a third of the level's bytes, rounded to whole vectors. */
    private int length() {
        return level.bytes / Float.BYTES / 3 / 64 * 64;
    }

    /** {@code z = x}. */
    @Benchmark
    public float[] copy() {
        for (int i = 0; i < z.length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).intoArray(z, i);
        }
        return z;
    }

    /** {@code z = x + 3y}. */
    @Benchmark
    public float[] triad() {
        FloatVector factor = FloatVector.broadcast(SPECIES, 3);
        for (int i = 0; i < z.length; i += LANES) {
            FloatVector.fromArray(SPECIES, y, i)
                    .fma(factor, FloatVector.fromArray(SPECIES, x, i))
                    .intoArray(z, i);
        }
        return z;
    }

    @Override
    public Work work(String method) {
        double n = length();
        return switch (method) {
            case "copy" -> new Work(0, 2 * Float.BYTES * n, 2 * Float.BYTES * n, n, "floats");
            case "triad" -> new Work(2 * n, 3 * Float.BYTES * n, 3 * Float.BYTES * n, n, "floats");
            default -> throw Counted.unknown(method);
        };
    }
}
