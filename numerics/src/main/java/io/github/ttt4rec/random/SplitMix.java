package io.github.ttt4rec.random;

/**
 * The hash that turns a seed and a position (epoch, user, row, draw) into random bits. A value depends on its inputs
 * alone, so it is the same for every order of evaluation and every number of threads.
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
