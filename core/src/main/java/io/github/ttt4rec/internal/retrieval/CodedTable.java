package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.kernels.CodeKernels;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The item vectors quantised to 4 bits per number, with error bounds. Items are sorted by distance from the mean vector
 * μ, farthest first, in blocks of {@value CodeKernels#BLOCK} with one scale s each: item x has the codes c with
 * {@code x ≈ μ + s·(c − 7.5)}. Items far from the mean tend to have the highest scores, so a search finds good scores
 * early and can stop once all later blocks are too close to the mean.
 */
final class CodedTable {
    private static final int BLOCK = CodeKernels.BLOCK;
    private static final double CENTRE = 7.5;
    /**
     * Candidate ranges of a block's codes, as fractions of its largest number: slight clipping makes the other codes
     * finer.
     */
    private static final double[] SPANS = {1, 0.85, 0.7};
    /** Vectors closer than this count as equal, which keeps 1/s finite. */
    private static final double MIN_SCALE = 1e-30;

    /**
     * The bounds on the scores of each block's items.
     *
     * @param inverseScale 1/s
     * @param error the largest length of an item's error x − μ − s·(c − 7.5), divided by s
     * @param codeLength the largest length of an item's c − 7.5
     * @param distance the largest distance from μ in this and all later blocks
     * @param bias the largest bias; 0 for a layer without biases
     * @param laterBias the largest bias of this and all later blocks
     */
    record Bounds(
            double[] inverseScale,
            double[] error,
            double[] codeLength,
            double[] distance,
            double[] bias,
            double[] laterBias) {
        Bounds(int blocks) {
            this(
                    new double[blocks],
                    new double[blocks],
                    new double[blocks],
                    new double[blocks],
                    new double[blocks],
                    new double[blocks]);
        }
    }

    /**
     * The smallest and the largest value of an additional column in each block, and in each block and all later ones.
     */
    record Range(double[] smallest, double[] largest, double[] laterSmallest, double[] laterLargest) {
        Range(int blocks) {
            this(new double[blocks], new double[blocks], new double[blocks], new double[blocks]);
        }

        /** The largest absolute value of all blocks. */
        double absolute() {
            return Math.max(Math.abs(laterSmallest[0]), Math.abs(laterLargest[0]));
        }
    }

    private final int d;
    private final int groups;
    private final int blockCount;
    private final double[] mean;
    private final double meanLength;
    private final short[] codes;
    private final int[] items;
    private final Bounds bounds;
    private final Range[] ranges;
    private final double codeLength;
    private final double largestBias;

    /** Encodes vectors that {@link #fits}. */
    CodedTable(ItemVectors output) {
        d = output.networkSize();
        groups = (d + 3) / 4;
        int count = output.rows() - 1;
        blockCount = (count + BLOCK - 1) / BLOCK;
        mean = mean(output, count);
        meanLength = Math.sqrt(Arrays.stream(mean, 0, d).map(m -> m * m).sum());
        items = farthestFirst(output, count);
        codes = new short[Math.multiplyExact(blockCount, groups * BLOCK)];
        bounds = new Bounds(blockCount);
        ranges = new Range[output.columns().length];
        Arrays.setAll(ranges, c -> new Range(blockCount));
        // Blocks are independent, so the result does not depend on the threads.
        IntStream.range(0, blockCount).parallel().forEach(block -> encode(block, output));
        extend(bounds.distance(), bounds.distance(), Math::max);
        extend(bounds.bias(), bounds.laterBias(), Math::max);
        for (Range range : ranges) {
            extend(range.smallest(), range.laterSmallest(), Math::min);
            extend(range.largest(), range.laterLargest(), Math::max);
        }
        codeLength = Arrays.stream(bounds.codeLength()).reduce(1, Math::max);
        largestBias = Arrays.stream(bounds.bias()).map(Math::abs).max().orElse(0);
    }

    /** Combines each block's value with those of all later blocks. */
    private static void extend(double[] values, double[] later, DoubleBinaryOperator combine) {
        int last = values.length - 1;
        later[last] = values[last];
        for (int block = last - 1; block >= 0; block--) {
            later[block] = combine.applyAsDouble(values[block], later[block + 1]);
        }
    }

    /**
     * Returns whether the vectors can be encoded: all numbers must be finite, and d so small that sums of up to 2¹⁵ are
     * precise enough.
     */
    static boolean fits(ItemVectors output) {
        return output.rows() > 1 && output.size() <= 1024 && output.isFinite();
    }

    private double[] mean(ItemVectors output, int count) {
        double[] sum = new double[output.size()];
        for (int item = 1; item <= count; item++) {
            for (int p = 0; p < sum.length; p++) {
                sum[p] += output.value(item, p);
            }
        }
        return Arrays.stream(sum).map(s -> s / count).toArray();
    }

    private int[] farthestFirst(ItemVectors output, int count) {
        long[] keys = new long[count];
        IntStream.rangeClosed(1, count).parallel().forEach(item -> {
            double square = 0;
            for (int p = 0; p < output.size(); p++) {
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
        bounds.inverseScale()[block] = 1 / scale;
        bounds.error()[block] = error / scale;
        bounds.codeLength()[block] = write(block, output, scale);
        bounds.distance()[block] = distance;
        bounds.bias()[block] = largestBias;
        for (int c = 0; c < ranges.length; c++) {
            measure(block, output.columns()[c], ranges[c]);
        }
    }

    /** Sets a block's range of an additional column. */
    private void measure(int block, float[] column, Range range) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK && items[i] != 0; i++) {
            smallest = Math.min(smallest, column[items[i]]);
            largest = Math.max(largest, column[items[i]]);
        }
        range.smallest()[block] = smallest;
        range.largest()[block] = largest;
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

    /** The number of encoded dimensions, which are those of the layer. */
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

    /** The mean vector μ, followed by the means of the additional columns; not a copy. */
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

    /** The bounds of the blocks; not a copy. */
    Bounds bounds() {
        return bounds;
    }

    /** The ranges of the additional columns; not a copy. */
    Range[] ranges() {
        return ranges;
    }

    /** The largest absolute value among the largest biases of the blocks. */
    double largestBias() {
        return largestBias;
    }

    /** The largest length of any item's c − 7.5, at least 1. */
    double codeLength() {
        return codeLength;
    }
}
