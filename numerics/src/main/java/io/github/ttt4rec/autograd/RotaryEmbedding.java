package io.github.ttt4rec.autograd;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Rotary position embedding (Su et al. 2021) at position {@code t mod period}: dimensions 2j and 2j + 1 of a head are
 * rotated together by the angle {@code position·θ^(−2j/f)}. If the period is the inner mini-batch size, there is no
 * maximum length.
 */
public final class RotaryEmbedding {
    private final int period;
    private final int headSize;
    private final float[] cosines;
    private final float[] sines;

    private static final ConcurrentHashMap<Key, RotaryEmbedding> CACHE = new ConcurrentHashMap<>();

    private record Key(int period, int headSize, double theta) {}

    private RotaryEmbedding(Key key) {
        period = key.period;
        headSize = key.headSize;
        int pairs = headSize / 2;
        cosines = new float[period * pairs];
        sines = new float[period * pairs];
        for (int position = 0; position < period; position++) {
            for (int j = 0; j < pairs; j++) {
                double angle = position * Math.pow(key.theta, -2.0 * j / headSize);
                cosines[position * pairs + j] = (float) Math.cos(angle);
                sines[position * pairs + j] = (float) Math.sin(angle);
            }
        }
    }

    /** The rotations for heads of {@code headSize} dimensions (even), repeating after {@code period} positions. */
    public static RotaryEmbedding of(int period, int headSize, double theta) {
        return CACHE.computeIfAbsent(new Key(period, headSize, theta), RotaryEmbedding::new);
    }

    /**
     * Rotates every head of x {@code (N, d)}.
     *
     * @param positions the 0-based position of each row in its sequence
     */
    public Tensor apply(Tape tape, Tensor x, int[] positions) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        rotate(x.data(), y.data(), x.rows(), x.columns(), positions, 1f, false);
        tape.onBackward(y, this, x, positions, -1f, RotaryEmbedding::backward);
        return y;
    }

    private static void backward(
            Tape tape, Tensor y, RotaryEmbedding rotary, Tensor x, int[] positions, float direction) {
        rotary.rotate(y.grad(), x.grad(), x.rows(), x.columns(), positions, direction, true);
    }

    private void rotate(
            float[] x, float[] y, int rows, int columns, int[] positions, float direction, boolean accumulate) {
        int pairs = headSize / 2;
        for (int t = 0; t < rows; t++) {
            int angle = positions[t] % period * pairs;
            for (int c = 0; c < columns; c += 2) {
                int pair = (c % headSize) >> 1;
                float cos = cosines[angle + pair];
                float sin = direction * sines[angle + pair];
                int i = t * columns + c;
                float even = x[i] * cos - x[i + 1] * sin;
                float odd = x[i + 1] * cos + x[i] * sin;
                y[i] = accumulate ? y[i] + even : even;
                y[i + 1] = accumulate ? y[i + 1] + odd : odd;
            }
        }
    }
}
