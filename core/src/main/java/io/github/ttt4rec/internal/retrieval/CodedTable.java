package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.kernels.CodeKernels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The item vectors quantised to 4 bits per number, with error bounds. Items are sorted by distance from the mean vector
 * μ, farthest first, in blocks of {@value CodeKernels#BLOCK} with one scale s each: item x has the codes c with
 * {@code x ≈ μ + s·(c − 7.5)}. Items far from the mean tend to have the highest scores, so a search finds good scores
 * early and can stop once all later blocks are too close to the mean.
 */
final class CodedTable {
    /** The number of entries in {@link #blocks} per block. */
    static final int ENTRIES = 6;
    /** 1/s. */
    static final int INVERSE_SCALE = 0;
    /** The largest length of an item's error x − μ − s·(c − 7.5), divided by s. */
    static final int ERROR = 1;
    /** The largest length of an item's c − 7.5. */
    static final int CODE_LENGTH = 2;
    /** The largest distance from μ. */
    static final int DISTANCE = 3;
    /** The largest bias; 0 for a layer without biases. */
    static final int BIAS = 4;
    /** The largest bias of this and all later blocks. */
    static final int LATER_BIAS = 5;

    private static final int BLOCK = CodeKernels.BLOCK;
    private static final double CENTRE = 7.5;
    /**
     * Candidate ranges of a block's codes, as fractions of its largest number: slight clipping makes the other codes
     * finer.
     */
    private static final double[] SPANS = {1, 0.85, 0.7};
    /** Vectors closer than this count as equal, which keeps 1/s finite. */
    private static final double MIN_SCALE = 1e-30;

    private final int d;
    private final int groups;
    private final int blockCount;
    private final double[] mean;
    private final double meanLength;
    private final short[] codes;
    private final int[] items;
    private final double[] blocks;
    private final double codeLength;

    /** Encodes vectors that {@link #fits}. */
    CodedTable(ItemVectors output) {
        d = output.size();
        groups = (d + 3) / 4;
        int count = output.rows() - 1;
        blockCount = (count + BLOCK - 1) / BLOCK;
        mean = mean(output, count);
        meanLength = Math.sqrt(Arrays.stream(mean).map(m -> m * m).sum());
        items = farthestFirst(output, count);
        codes = new short[Math.multiplyExact(blockCount, groups * BLOCK)];
        blocks = new double[blockCount * ENTRIES];
        // Blocks are independent, so the result does not depend on the threads.
        IntStream.range(0, blockCount).parallel().forEach(block -> encode(block, output));
        double largest = 1;
        double bias = Double.NEGATIVE_INFINITY;
        for (int block = blockCount - 1; block >= 0; block--) {
            largest = Math.max(largest, blocks[block * ENTRIES + CODE_LENGTH]);
            bias = Math.max(bias, blocks[block * ENTRIES + BIAS]);
            blocks[block * ENTRIES + LATER_BIAS] = bias;
        }
        codeLength = largest;
    }

    /**
     * Returns whether the vectors can be encoded: all numbers must be finite, and d so small that sums of up to 2¹⁵ are
     * precise enough.
     */
    static boolean fits(ItemVectors output) {
        return output.rows() > 1 && output.size() <= 1024 && output.isFinite();
    }

    private double[] mean(ItemVectors output, int count) {
        double[] sum = new double[d];
        for (int item = 1; item <= count; item++) {
            for (int p = 0; p < d; p++) {
                sum[p] += output.value(item, p);
            }
        }
        return Arrays.stream(sum).map(s -> s / count).toArray();
    }

    private int[] farthestFirst(ItemVectors output, int count) {
        long[] keys = new long[count];
        IntStream.rangeClosed(1, count).parallel().forEach(item -> {
            double square = 0;
            for (int p = 0; p < d; p++) {
                double x = output.value(item, p) - mean[p];
                square += x * x;
            }
            // Non-negative floats have the same order as their bits.
            keys[item - 1] = (long) ~Float.floatToRawIntBits((float) Math.sqrt(square)) << Integer.SIZE | item;
        });
        Arrays.parallelSort(keys);
        int[] order = new int[blockCount * BLOCK];
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    private void encode(int block, ItemVectors output) {
        double largest = 0;
        double distance = 0;
        double largestBias = Double.NEGATIVE_INFINITY;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK && items[i] != 0; i++) {
            double square = 0;
            for (int p = 0; p < d; p++) {
                double x = output.value(items[i], p) - mean[p];
                largest = Math.max(largest, Math.abs(x));
                square += x * x;
            }
            distance = Math.max(distance, Math.sqrt(square));
            largestBias = Math.max(largestBias, output.bias(items[i]));
        }
        double scale = 0;
        double error = Double.POSITIVE_INFINITY;
        for (double span : SPANS) {
            double tried = Math.max(MIN_SCALE, span * largest / CENTRE);
            double itsError = error(block, output, tried);
            if (itsError < error) {
                scale = tried;
                error = itsError;
            }
        }
        int entry = block * ENTRIES;
        blocks[entry + INVERSE_SCALE] = 1 / scale;
        blocks[entry + ERROR] = error / scale;
        blocks[entry + CODE_LENGTH] = write(block, output, scale);
        blocks[entry + DISTANCE] = distance;
        blocks[entry + BIAS] = largestBias;
    }

    private static int code(double x, double scale) {
        return (int) Math.clamp(Math.floor(x / scale + 8), 0, 15);
    }

    /** The largest length of an item's error at a scale. */
    private double error(int block, ItemVectors output, double scale) {
        double largest = 0;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK && items[i] != 0; i++) {
            double square = 0;
            for (int p = 0; p < d; p++) {
                double x = output.value(items[i], p) - mean[p];
                double e = x - scale * (code(x, scale) - CENTRE);
                square += e * e;
            }
            largest = Math.max(largest, square);
        }
        return Math.sqrt(largest);
    }

    /** Writes a block's codes; returns the largest length of c − 7.5. */
    private double write(int block, ItemVectors output, double scale) {
        double largest = 0;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK && items[i] != 0; i++) {
            double square = 0;
            for (int p = 0; p < d; p++) {
                int code = code(output.value(items[i], p) - mean[p], scale);
                square += (code - CENTRE) * (code - CENTRE);
                codes[(block * groups + p / 4) * BLOCK + i % BLOCK] |= (short) (code << (4 * (p % 4)));
            }
            largest = Math.max(largest, square);
        }
        return Math.sqrt(largest);
    }

    /** The number of dimensions. */
    int d() {
        return d;
    }

    /** The number of groups of 4 dimensions; the last is padded. */
    int groups() {
        return groups;
    }

    int blockCount() {
        return blockCount;
    }

    /** The mean vector μ; not a copy. */
    double[] mean() {
        return mean;
    }

    double meanLength() {
        return meanLength;
    }

    /** The codes in the layout of {@link CodeKernels}; not a copy. */
    short[] codes() {
        return codes;
    }

    /** The items in block order, padded with 0; not a copy. */
    int[] items() {
        return items;
    }

    /** {@value #ENTRIES} entries per block; not a copy. */
    double[] blocks() {
        return blocks;
    }

    /** The largest length of any item's c − 7.5, at least 1. */
    double codeLength() {
        return codeLength;
    }
}
