package io.github.ttt4rec.hybrid;

/**
 * The natural logarithm of 1 + x from a table over the first bits of the float 1 + x: to 0.4 %, of the value 1 + x that is, in some
 * 2 ns. The function never decreases, is 0 at 0, and gives the same bits everywhere.
 */
final class FastLog {
    private static final int MANTISSA_BITS = 23;
    /** Bits of the mantissa that the table knows. */
    private static final int KNOWN_BITS = 8;

    private static final int SHIFT = MANTISSA_BITS - KNOWN_BITS;
    private static final int ONE = Float.floatToRawIntBits(1);
    /** Powers of 2 that the table covers; the last entry stands for all that is above. */
    private static final int POWERS = 16;

    private static final float[] TABLE = table();

    private FastLog() {}

    private static float[] table() {
        float[] table = new float[POWERS << KNOWN_BITS];
        for (int i = 0; i < table.length; i++) {
            // The lower end of the values that share an entry.
            table[i] = (float) StrictMath.log(Float.intBitsToFloat(ONE + (i << SHIFT)));
        }
        return table;
    }

    /** The logarithm of 1 + x for x of 0 or more. */
    static float log1p(float x) {
        int entry = (Float.floatToRawIntBits(1 + x) - ONE) >> SHIFT;
        return TABLE[Math.min(entry, TABLE.length - 1)];
    }
}
