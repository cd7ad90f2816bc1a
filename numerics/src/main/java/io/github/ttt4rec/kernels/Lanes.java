package io.github.ttt4rec.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width in use and the few vector functions the kernels are made of. Loads and broadcasts are not among them: kernels
 * call the Vector API's, which C2 always inlines. Methods of ours it stops inlining after so many nodes of a compilation, and
 * then each vector that goes through one becomes an object.
 */
final class Lanes {
    /** Narrows the vectors to that many bits, so that tests on a wide machine cover narrow ones. */
    private static final String PROPERTY = "ttt4rec.vectorBits";

    static final VectorSpecies<Float> SPECIES = species();
    static final int LANES = SPECIES.length();

    private static final VectorShuffle<Float> ROTATE_8 = rotation(8);
    private static final VectorShuffle<Float> ROTATE_4 = rotation(4);
    private static final VectorShuffle<Float> ROTATE_2 = rotation(2);
    private static final VectorShuffle<Float> ROTATE_1 = rotation(1);

    private static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts; the first has few enough bits that its product with a small integer is exact. */
    private static final float LN2_HIGH = 0.6933594f;

    private static final float LN2_LOW = -2.1219444e-4f;
    /** Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final float EXP_MIN = -87.33654f;
    private static final float EXP_MAX = 88.37f;

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

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** The lanes of index i, i + 1, … below n. */
    static VectorMask<Float> mask(int i, int n) {
        return SPECIES.indexInRange(i, n);
    }

    /**
     * The sum of all lanes in a fixed order. {@code reduceLanes(ADD)} promises no order: compiled and interpreted code may
     * differ in the last bit, which would break reproducible training.
     */
    static float sum(FloatVector v) {
        return total(v).lane(0);
    }

    /** The same in every lane: rotations add the same pairs wherever one begins. */
    static FloatVector total(FloatVector v) {
        FloatVector s = v;
        if (LANES >= 16) {
            s = s.add(s.rearrange(ROTATE_8));
        }
        if (LANES >= 8) {
            s = s.add(s.rearrange(ROTATE_4));
        }
        if (LANES >= 4) {
            s = s.add(s.rearrange(ROTATE_2));
        }
        return s.add(s.rearrange(ROTATE_1));
    }

    /**
     * eˣ: x = n·ln 2 + r, |r| ≤ ½ ln 2, a polynomial of degree 6 in r (minimax coefficients of the Cephes library's
     * expf), times 2ⁿ put straight into the exponent bits. Within 1.5 ulp; arguments are clamped to what float can hold.
     */
    static FloatVector exp(FloatVector x) {
        // Not min and max: Java's treat -0 and NaN in ways that cost six instructions each.
        FloatVector clamped = x.blend(EXP_MIN, x.lt(EXP_MIN));
        clamped = clamped.blend(EXP_MAX, clamped.compare(VectorOperators.GT, EXP_MAX));
        FloatVector shifted = clamped.fma(broadcast(LOG2_E), broadcast(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(broadcast(-LN2_HIGH), clamped);
        r = n.fma(broadcast(-LN2_LOW), r);
        FloatVector p = r.fma(broadcast(1.9875691e-4f), broadcast(1.3982e-3f));
        p = p.fma(r, broadcast(8.333452e-3f));
        p = p.fma(r, broadcast(4.1665796e-2f));
        p = p.fma(r, broadcast(1.6666666e-1f));
        p = p.fma(r, broadcast(0.5f));
        p = p.fma(r.mul(r), r.add(1f));
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1/(1 + e⁻ˣ). */
    static FloatVector sigmoid(FloatVector x) {
        return broadcast(1f).div(exp(x.neg()).add(1f));
    }

    /** tanh x = 2σ(2x) − 1; the error is that of σ, about 1e-7, however small x is. */
    static FloatVector tanh(FloatVector x) {
        return sigmoid(x.add(x)).fma(broadcast(2f), broadcast(-1f));
    }

    /** σ(g(x)), g(x) = 2√(2/π)(x + 0.044715x³), so that gelu(x) = x·σ(g(x)). */
    static FloatVector geluGate(FloatVector x) {
        FloatVector inner = x.mul(x).fma(broadcast(GELU_CUBIC), broadcast(1f));
        return sigmoid(inner.mul(x).mul(GELU_SLOPE));
    }

    /** g′(x) of {@link #geluGate}. */
    static FloatVector geluSlope(FloatVector x) {
        return x.mul(x).fma(broadcast(3 * GELU_CUBIC * GELU_SLOPE), broadcast(GELU_SLOPE));
    }

    /** gelu′(x), given the gate s = σ(g(x)): s + x·s(1 − s)·g′(x). */
    static FloatVector geluDerivative(FloatVector x, FloatVector gate) {
        FloatVector bell = gate.sub(gate.mul(gate));
        return x.mul(bell).fma(geluSlope(x), gate);
    }

    /** gelu″(x). */
    static FloatVector geluSecondDerivative(FloatVector x) {
        FloatVector gate = geluGate(x);
        FloatVector bell = gate.sub(gate.mul(gate));
        FloatVector slope = geluSlope(x);
        FloatVector d = bell.mul(slope);
        FloatVector dd = d.mul(slope).mul(gate.mul(-2f).add(1f)).add(bell.mul(x).mul(6 * GELU_CUBIC * GELU_SLOPE));
        return d.mul(2f).add(x.mul(dd));
    }

    /** e^(−x²/2), the normal density but for its factor. */
    static FloatVector normalBell(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f));
    }

    /**
     * Φ(x), given {@link #normalBell}: Φ(−|x|) = ½·erfc(|x|/√2) by the rational approximation 7.1.26 of Abramowitz and
     * Stegun, whose error in Φ is at most 7.5e-8; with float rounding less than 3e-7, absolutely.
     */
    static FloatVector normalDistribution(FloatVector x, FloatVector bell) {
        FloatVector t = broadcast(1f).div(x.abs().fma(broadcast(0.23164189f), broadcast(1f)));
        FloatVector p = t.fma(broadcast(0.5307027f), broadcast(-0.726576f));
        p = p.fma(t, broadcast(0.7107069f));
        p = p.fma(t, broadcast(-0.14224838f));
        p = p.fma(t, broadcast(0.1274148f));
        FloatVector tail = p.mul(t).mul(bell);
        return tail.blend(broadcast(1f).sub(tail), x.compare(VectorOperators.GE, 0f));
    }

    /**
     * log(1 + x) for x in [0, 1]: 2·artanh(s) with s = x/(2 + x) ≤ ⅓, by its series to s¹³. The rest of the series is
     * below 2e-8 of the result, so small x keep their relative precision.
     */
    static FloatVector log1pOfFraction(FloatVector x) {
        FloatVector s = x.div(x.add(2f));
        FloatVector square = s.mul(s);
        FloatVector p = square.fma(broadcast(2f / 13), broadcast(2f / 11));
        p = p.fma(square, broadcast(2f / 9));
        p = p.fma(square, broadcast(2f / 7));
        p = p.fma(square, broadcast(2f / 5));
        p = p.fma(square, broadcast(2f / 3));
        p = p.fma(square, broadcast(2f));
        return p.mul(s);
    }
}
