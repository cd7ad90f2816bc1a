package io.github.ttt4rec.random;

/**
 * The hash that maps a seed and a position (epoch, user, row, draw) to random bits. A value depends only on its inputs,
 * not on the order of evaluation or the number of threads.
 */
public final class SplitMix {
    private SplitMix() {}

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of z. */
    public static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
