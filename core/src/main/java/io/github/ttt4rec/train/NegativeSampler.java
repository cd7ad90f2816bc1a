package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Negatives;
import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;

/**
 * Draws items with given probabilities, with replacement, in constant time by an alias table (Walker 1977; built as by
 * Vose 1991). A draw depends only on its seed. Only items 1 .. V are drawn, never padding or other rows of a table.
 */
final class NegativeSampler {
    private static final long NEXT_DRAW = 0x9E3779B97F4A7C15L;

    private final int itemCount;
    /** For each cell, the probability that it yields its own item. */
    private final double[] keep;
    /** For each cell, the other item that it may yield. */
    private final int[] alias;
    /** For each item, from index 1, the logarithm of its probability. */
    private final float[] logProbability;

    /**
     * Probabilities in proportion to {@code weights[1 .. V]}, all above 0.
     */
    private NegativeSampler(double[] weights) {
        itemCount = weights.length - 1;
        double sum = 0;
        for (int item = 1; item <= itemCount; item++) {
            sum += weights[item];
        }
        keep = new double[itemCount];
        alias = new int[itemCount];
        logProbability = new float[itemCount + 1];
        // Cells below the average weight fill the array from the front, the others from the back.
        int[] work = new int[itemCount];
        int small = 0;
        int large = itemCount;
        for (int cell = 0; cell < itemCount; cell++) {
            double probability = weights[cell + 1] / sum;
            logProbability[cell + 1] = (float) Math.log(probability);
            keep[cell] = probability * itemCount;
            alias[cell] = cell;
            if (keep[cell] < 1) {
                work[small++] = cell;
            } else {
                work[--large] = cell;
            }
        }
        while (small > 0 && large < itemCount) {
            int poor = work[--small];
            int rich = work[large];
            alias[poor] = rich;
            keep[rich] -= 1 - keep[poor];
            if (keep[rich] < 1) {
                large++;
                work[small++] = rich;
            }
        }
        // Rounding leaves some cells marginally below or above the average; they are treated as exact.
        for (int i = 0; i < small; i++) {
            keep[work[i]] = 1;
        }
        for (int i = large; i < itemCount; i++) {
            keep[work[i]] = 1;
        }
    }

    /** Draws all items with equal probability. */
    static NegativeSampler uniform(int itemCount) {
        double[] weights = new double[itemCount + 1];
        Arrays.fill(weights, 1);
        return new NegativeSampler(weights);
    }

    /**
     * Draws items in proportion to popularity^alpha. An item without interactions is treated as if it had one, because
     * sampled cross-entropy cannot estimate the full cross-entropy if some items are never drawn.
     *
     * @param interactions the number of interactions by item index; entry 0 is not used
     */
    static NegativeSampler popularity(float[] interactions, double alpha) {
        double[] weights = new double[interactions.length];
        for (int item = 1; item < weights.length; item++) {
            weights[item] = Math.pow(Math.max(1, interactions[item]), alpha);
        }
        return new NegativeSampler(weights);
    }

    /** The logarithm of the probability with which an item is drawn. */
    float logProbability(int item) {
        return logProbability[item];
    }

    /** Maps 64 random bits to an item. */
    int draw(long bits) {
        // bits·V/2⁶⁴ in fixed point: the integer part chooses the cell, the fraction decides within it.
        int cell = (int) Math.unsignedMultiplyHigh(bits, itemCount);
        double fraction = ((bits * itemCount) >>> 11) * 0x1p-53;
        return 1 + (fraction < keep[cell] ? cell : alias[cell]);
    }

    /**
     * Draws for each row separately, never its target; the other items keep their relative probabilities. The catalogue
     * must have at least two items.
     *
     * @param count the number of draws per row
     * @param targets the target item of each row
     * @param seeds the random bits of each row
     */
    Negatives perRow(int count, int[] targets, long[] seeds) {
        int[] items = new int[targets.length * count];
        float[] logExpected = new float[items.length];
        double logCount = Math.log(count);
        for (int row = 0; row < targets.length; row++) {
            long seed = seeds[row];
            double log = logCount - Math.log1p(-Math.exp(logProbability[targets[row]]));
            for (int i = row * count; i < (row + 1) * count; i++) {
                int item;
                do {
                    seed += NEXT_DRAW;
                    item = draw(SplitMix.mix(seed));
                } while (item == targets[row]);
                items[i] = item;
                logExpected[i] = (float) (log + logProbability[item]);
            }
        }
        return Negatives.perRow(count, items, logExpected);
    }

    /**
     * Draws negatives that the rows of a block share. They do not depend on how the batch is divided into passes.
     *
     * @param count the number of draws per block
     * @param share the number of rows per block
     * @param first the index of the first row in the batch
     * @param rows the number of rows
     * @param batchSeed the random bits of the batch
     */
    Negatives shared(int count, int share, int first, int rows, long batchSeed) {
        int firstBlock = first / share;
        int blocks = rows == 0 ? 0 : (first + rows - 1) / share - firstBlock + 1;
        int[] items = new int[blocks * count];
        float[] logExpected = new float[items.length];
        float logCount = (float) Math.log(count);
        for (int block = 0; block < blocks; block++) {
            long seed = SplitMix.mix(batchSeed + (firstBlock + block) * NEXT_DRAW);
            for (int i = block * count; i < (block + 1) * count; i++) {
                seed += NEXT_DRAW;
                items[i] = draw(SplitMix.mix(seed));
                logExpected[i] = logCount + logProbability[items[i]];
            }
        }
        return new Negatives(count, share, first, items, logExpected);
    }
}
