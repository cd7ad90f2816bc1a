package io.github.ttt4rec.autograd;

import io.github.ttt4rec.random.SplitMix;

/** Masks of inverted dropout: 0 with a given probability, and 1/(1 − probability) otherwise. */
final class DropoutMask {
    private final int threshold;
    private final float kept;

    /** A mask that drops with probability {@code rate} in [0, 1), rounded to steps of 1/65536. */
    DropoutMask(float rate) {
        threshold = Math.round(rate * 65536);
        kept = 65536f / (65536 - threshold);
    }

    /** The initial state of a row's random bits; each site derives its own from the same row seed. */
    static long state(long rowSeed, int site) {
        return site == 0 ? rowSeed : SplitMix.mix(rowSeed + site * 0xD1B54A32D192ED03L);
    }

    /** Fills n elements of {@code mask} from the random bits that start at {@code state}. */
    void fill(long state, float[] mask, int offset, int n) {
        long counter = state;
        long bits = 0;
        for (int c = 0; c < n; c++) {
            if ((c & 3) == 0) {
                counter += 0x9E3779B97F4A7C15L;
                bits = SplitMix.mix(counter);
            }
            mask[offset + c] = (bits & 0xFFFF) < threshold ? 0f : kept;
            bits >>>= 16;
        }
    }
}
