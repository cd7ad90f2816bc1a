package io.github.ttt4rec.benchmarks.micro;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The peak rate of multiply-adds of a core: twelve independent sums in registers, without memory access. Twelve sums
 * hide a latency of four cycles at two, and almost at three, instructions per cycle.
 */
@State(Scope.Thread)
public class PeakBenchmark implements Counted {
    private static final VectorSpecies<Float> S128 = FloatVector.SPECIES_128;
    private static final VectorSpecies<Float> S256 = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> S512 = FloatVector.SPECIES_512;
    private static final int SUMS = 12;
    private static final int STEPS = 4096;

    /** The sums converge to 1, so that no overflow or denormal number occurs. */
    private final float[] factors = filled(0.5f);

    private final float[] summands = filled(0.5f);
    private final float[] sums = Inputs.normal(64);

    private static float[] filled(float value) {
        float[] values = new float[64];
        Arrays.fill(values, value);
        return values;
    }

    /** Returns the benchmarks of the vector widths that this machine supports. */
    public static List<String> methods() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return Stream.of(128, 256, 512)
                .filter(width -> width <= bits)
                .map(width -> "fma" + width)
                .toList();
    }

    /** Vectors of 128 bits. */
    @Benchmark
    public float fma128() {
        FloatVector a = FloatVector.fromArray(S128, factors, 0);
        FloatVector b = FloatVector.fromArray(S128, summands, 0);
        FloatVector s0 = FloatVector.fromArray(S128, sums, 0);
        FloatVector s1 = FloatVector.fromArray(S128, sums, 1);
        FloatVector s2 = FloatVector.fromArray(S128, sums, 2);
        FloatVector s3 = FloatVector.fromArray(S128, sums, 3);
        FloatVector s4 = FloatVector.fromArray(S128, sums, 4);
        FloatVector s5 = FloatVector.fromArray(S128, sums, 5);
        FloatVector s6 = FloatVector.fromArray(S128, sums, 6);
        FloatVector s7 = FloatVector.fromArray(S128, sums, 7);
        FloatVector s8 = FloatVector.fromArray(S128, sums, 8);
        FloatVector s9 = FloatVector.fromArray(S128, sums, 9);
        FloatVector s10 = FloatVector.fromArray(S128, sums, 10);
        FloatVector s11 = FloatVector.fromArray(S128, sums, 11);
        for (int i = 0; i < STEPS; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        return s0.add(s1)
                .add(s2.add(s3))
                .add(s4.add(s5).add(s6.add(s7)))
                .add(s8.add(s9).add(s10.add(s11)))
                .lane(0);
    }

    /** Vectors of 256 bits. */
    @Benchmark
    public float fma256() {
        FloatVector a = FloatVector.fromArray(S256, factors, 0);
        FloatVector b = FloatVector.fromArray(S256, summands, 0);
        FloatVector s0 = FloatVector.fromArray(S256, sums, 0);
        FloatVector s1 = FloatVector.fromArray(S256, sums, 1);
        FloatVector s2 = FloatVector.fromArray(S256, sums, 2);
        FloatVector s3 = FloatVector.fromArray(S256, sums, 3);
        FloatVector s4 = FloatVector.fromArray(S256, sums, 4);
        FloatVector s5 = FloatVector.fromArray(S256, sums, 5);
        FloatVector s6 = FloatVector.fromArray(S256, sums, 6);
        FloatVector s7 = FloatVector.fromArray(S256, sums, 7);
        FloatVector s8 = FloatVector.fromArray(S256, sums, 8);
        FloatVector s9 = FloatVector.fromArray(S256, sums, 9);
        FloatVector s10 = FloatVector.fromArray(S256, sums, 10);
        FloatVector s11 = FloatVector.fromArray(S256, sums, 11);
        for (int i = 0; i < STEPS; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        return s0.add(s1)
                .add(s2.add(s3))
                .add(s4.add(s5).add(s6.add(s7)))
                .add(s8.add(s9).add(s10.add(s11)))
                .lane(0);
    }

    /** Vectors of 512 bits. */
    @Benchmark
    public float fma512() {
        FloatVector a = FloatVector.fromArray(S512, factors, 0);
        FloatVector b = FloatVector.fromArray(S512, summands, 0);
        FloatVector s0 = FloatVector.fromArray(S512, sums, 0);
        FloatVector s1 = FloatVector.fromArray(S512, sums, 1);
        FloatVector s2 = FloatVector.fromArray(S512, sums, 2);
        FloatVector s3 = FloatVector.fromArray(S512, sums, 3);
        FloatVector s4 = FloatVector.fromArray(S512, sums, 4);
        FloatVector s5 = FloatVector.fromArray(S512, sums, 5);
        FloatVector s6 = FloatVector.fromArray(S512, sums, 6);
        FloatVector s7 = FloatVector.fromArray(S512, sums, 7);
        FloatVector s8 = FloatVector.fromArray(S512, sums, 8);
        FloatVector s9 = FloatVector.fromArray(S512, sums, 9);
        FloatVector s10 = FloatVector.fromArray(S512, sums, 10);
        FloatVector s11 = FloatVector.fromArray(S512, sums, 11);
        for (int i = 0; i < STEPS; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        return s0.add(s1)
                .add(s2.add(s3))
                .add(s4.add(s5).add(s6.add(s7)))
                .add(s8.add(s9).add(s10.add(s11)))
                .lane(0);
    }

    @Override
    public Work work(String method) {
        int lanes = switch (method) {
            case "fma128" -> S128.length();
            case "fma256" -> S256.length();
            case "fma512" -> S512.length();
            default -> throw Counted.unknown(method);
        };
        double multiplyAdds = (double) SUMS * STEPS * lanes;
        return Work.of(2 * multiplyAdds, 0, multiplyAdds, "FMA");
    }
}
