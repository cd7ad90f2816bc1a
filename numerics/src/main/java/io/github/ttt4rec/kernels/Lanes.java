package io.github.ttt4rec.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width in use, and constants of the kernels. Vector functions such as the exponential are not methods but
 * text in the templates: C2 always inlines the Vector API's methods, but stops inlining others once a compilation
 * exceeds its node limit, and vectors that cross such a call are boxed.
 */
final class Lanes {
    /** Limits the vectors to this number of bits, so that tests on a wide machine cover narrow vectors. */
    private static final String PROPERTY = "ttt4rec.vectorBits";

    static final VectorSpecies<Float> SPECIES = species();
    static final int LANES = SPECIES.length();

    static final VectorShuffle<Float> ROTATE_8 = rotation(8);
    static final VectorShuffle<Float> ROTATE_4 = rotation(4);
    static final VectorShuffle<Float> ROTATE_2 = rotation(2);
    static final VectorShuffle<Float> ROTATE_1 = rotation(1);

    static final VectorShuffle<Float> PARTNER_HALF = partner(LANES / 2);
    static final VectorShuffle<Float> PARTNER_QUARTER = partner(LANES / 4);
    static final VectorShuffle<Float> PARTNER_EIGHTH = partner(LANES / 8);
    static final VectorShuffle<Float> PARTNER_SIXTEENTH = partner(LANES / 16);
    static final VectorMask<Float> UPPER_HALF =
            VectorMask.fromLong(SPECIES, ((1L << LANES) - 1) & -(1L << (LANES / 2)));

    static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts. The first has so few bits that its product with a small integer is exact. */
    static final float LN2_HIGH = 0.6933594f;

    static final float LN2_LOW = -2.1219444e-4f;
    /** Adding 1.5·2²³ rounds to the nearest integer and leaves that integer in the low bits. */
    static final float ROUNDER = 12582912f;

    static final float EXP_MIN = -87.33654f;
    static final float EXP_MAX = 88.37f;

    static final float GELU_SLOPE = 1.5957692f;
    static final float GELU_CUBIC = 0.044715f;

    /** φ(0) = 1/√(2π). */
    static final float NORMAL_DENSITY_AT_0 = 0.3989423f;

    private Lanes() {}

    private static VectorSpecies<Float> species() {
        return switch (Integer.getInteger(PROPERTY, Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()))) {
            case 64 -> FloatVector.SPECIES_64;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalStateException(
                        PROPERTY + "=" + System.getProperty(PROPERTY) + " is none of 64, 128, 256, 512");
        };
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + by) % SPECIES.length());
    }

    /** A shuffle that exchanges each lane with the one whose index differs in {@code bit}. */
    private static VectorShuffle<Float> partner(int bit) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ bit);
    }
}
