package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes 8×8 blocks in registers in three butterfly passes (strides 4, 2, 1). Only for 512 bits, where selecting
 * lanes from two vectors is a single instruction.
 */
final class VectorTranspose {
    static final boolean IS_FAST = LANES >= 16;
    static final int SIZE = 8;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;

    private static final FloatVector LOW_4 = low(4);
    private static final FloatVector HIGH_4 = high(4);
    private static final FloatVector LOW_2 = low(2);
    private static final FloatVector HIGH_2 = high(2);
    private static final FloatVector LOW_1 = low(1);
    private static final FloatVector HIGH_1 = high(1);

    private VectorTranspose() {}

    /** Lane selector for the first row of a butterfly: lanes of a, then of b, whose index has {@code bit} clear. */
    private static FloatVector low(int bit) {
        float[] lanes = new float[SIZE];
        for (int lane = 0; lane < SIZE; lane++) {
            lanes[lane] = (lane & bit) == 0 ? lane : SIZE + lane - bit;
        }
        return FloatVector.fromArray(SPECIES, lanes, 0);
    }

    /** Lane selector for the second row: lanes whose index has {@code bit} set. */
    private static FloatVector high(int bit) {
        float[] lanes = new float[SIZE];
        for (int lane = 0; lane < SIZE; lane++) {
            lanes[lane] = (lane & bit) == 0 ? lane + bit : SIZE + lane;
        }
        return FloatVector.fromArray(SPECIES, lanes, 0);
    }

    private static FloatVector load(float[] x, int offset) {
        return FloatVector.fromArray(SPECIES, x, offset);
    }

    static void square(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
        FloatVector a0 = load(x, xOffset);
        FloatVector a1 = load(x, xOffset + xRow);
        FloatVector a2 = load(x, xOffset + 2 * xRow);
        FloatVector a3 = load(x, xOffset + 3 * xRow);
        FloatVector a4 = load(x, xOffset + 4 * xRow);
        FloatVector a5 = load(x, xOffset + 5 * xRow);
        FloatVector a6 = load(x, xOffset + 6 * xRow);
        FloatVector a7 = load(x, xOffset + 7 * xRow);
        FloatVector b0 = LOW_4.selectFrom(a0, a4);
        FloatVector b1 = LOW_4.selectFrom(a1, a5);
        FloatVector b2 = LOW_4.selectFrom(a2, a6);
        FloatVector b3 = LOW_4.selectFrom(a3, a7);
        FloatVector b4 = HIGH_4.selectFrom(a0, a4);
        FloatVector b5 = HIGH_4.selectFrom(a1, a5);
        FloatVector b6 = HIGH_4.selectFrom(a2, a6);
        FloatVector b7 = HIGH_4.selectFrom(a3, a7);
        FloatVector c0 = LOW_2.selectFrom(b0, b2);
        FloatVector c1 = LOW_2.selectFrom(b1, b3);
        FloatVector c2 = HIGH_2.selectFrom(b0, b2);
        FloatVector c3 = HIGH_2.selectFrom(b1, b3);
        FloatVector c4 = LOW_2.selectFrom(b4, b6);
        FloatVector c5 = LOW_2.selectFrom(b5, b7);
        FloatVector c6 = HIGH_2.selectFrom(b4, b6);
        FloatVector c7 = HIGH_2.selectFrom(b5, b7);
        LOW_1.selectFrom(c0, c1).intoArray(y, yOffset);
        HIGH_1.selectFrom(c0, c1).intoArray(y, yOffset + yRow);
        LOW_1.selectFrom(c2, c3).intoArray(y, yOffset + 2 * yRow);
        HIGH_1.selectFrom(c2, c3).intoArray(y, yOffset + 3 * yRow);
        LOW_1.selectFrom(c4, c5).intoArray(y, yOffset + 4 * yRow);
        HIGH_1.selectFrom(c4, c5).intoArray(y, yOffset + 5 * yRow);
        LOW_1.selectFrom(c6, c7).intoArray(y, yOffset + 6 * yRow);
        HIGH_1.selectFrom(c6, c7).intoArray(y, yOffset + 7 * yRow);
    }
}
