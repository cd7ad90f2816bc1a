package io.github.ttt4rec.internal.retrieval;

/**
 * A query vector q in small integers, {@code q = t·p + f}, with the threshold that an item's sum of products must
 * exceed. Let x be an item in a block of scale s, e = x − μ − s·(c − 7.5) its error, b its bias, and a·y the product of
 * the additional columns, at most A for the ranges of the block. By Cauchy and Schwarz
 *
 * <pre>{@code q·x + a·y + b = q·μ + s·t·Σ p·(c − 7.5) + s·f·(c − 7.5) + q·e + a·y + b
 *         ≤ q·μ + s·t·z + s·|f|·|c − 7.5| + |q|·|e| + A + b      with z = Σ p·(c − 7.5)}</pre>
 *
 * and rounding raises the float score by at most ρ = {@code n·2⁻²⁴·(|q|·|x| + |a|·|y| + |b|)} for n − 2 numbers. Let L
 * be the k-th best score found. An item cannot be among the best if z is below
 * {@code (L − q·μ − A − b − ρ)/(s·t) − |q|/t·|e|/s − |f|/t·|c − 7.5|}. Skipping such items gives the list of a full
 * scan.
 */
final class CodedQuery {
    /** Sums are below 2¹⁵ in absolute value, with room for the rounding of their start. */
    private static final double LARGEST_SUM = 32_700;

    private final CodedTable.Bounds bounds;
    private final double length;
    /** The factors of the additional columns. */
    private final double[] factors;
    /** For each column the values by block whose products with the factor are the largest. */
    private final double[][] largest;
    /** The same for each block and all later ones. */
    private final double[][] laterLargest;

    private final double meanProduct;
    private final double inverseStep;
    private final double lengthInSteps;
    private final double restInSteps;
    private final double slack;
    private final short start;

    /** Writes p to {@code codes} from {@code offset} on. The vector must pass {@link #suits}. */
    CodedQuery(CodedTable table, float[] q, short[] codes, int offset) {
        bounds = table.bounds();
        int d = table.d();
        length = length(q, d);
        double longest = table.codeLength();
        // |p|·|c − 7.5| stays below 2¹⁵, the rounding of p included.
        double step = length * longest / (LARGEST_SUM - longest * Math.sqrt(d) / 2);
        double product = 0;
        double rest = 0;
        int sum = 0;
        for (int i = 0; i < d; i++) {
            int p = (int) Math.rint(q[i] / step);
            codes[offset + i] = (short) p;
            sum += p;
            double f = q[i] - step * p;
            rest += f * f;
            product += q[i] * table.mean()[i];
        }
        CodedTable.Range[] ranges = table.ranges();
        factors = new double[ranges.length];
        largest = new double[ranges.length][];
        laterLargest = new double[ranges.length][];
        for (int c = 0; c < ranges.length; c++) {
            factors[c] = q[d + c];
            largest[c] = factors[c] > 0 ? ranges[c].largest() : ranges[c].smallest();
            laterLargest[c] = factors[c] > 0 ? ranges[c].laterLargest() : ranges[c].laterSmallest();
        }
        meanProduct = product;
        inverseStep = 1 / step;
        lengthInSteps = length / step;
        restInSteps = Math.sqrt(rest) / step;
        slack = 1.01 * (d + factors.length + 2) * 0x1p-24 * largestTerms(table, q) + 1e-40;
        // Rounding may make sums too large but never too small, so no candidate is lost.
        start = (short) -Math.floorDiv(15 * sum, 2);
    }

    /** Returns whether scores stay well within the range of a float. */
    static boolean suits(CodedTable table, float[] q) {
        return length(q, table.d()) > 1e-30 && largestTerms(table, q) < 1e37;
    }

    /** The sum of the absolute values of a score's terms is at most this, unless its bias is far below the largest. */
    private static double largestTerms(CodedTable table, float[] q) {
        CodedTable.Bounds bounds = table.bounds();
        double sum = length(q, table.d()) * (bounds.distance()[0] + table.meanLength());
        for (int c = 0; c < table.ranges().length; c++) {
            sum += Math.abs(q[table.d() + c]) * table.ranges()[c].absolute();
        }
        return sum + table.largestBias();
    }

    private static double length(float[] q, int d) {
        double square = 0;
        for (int i = 0; i < d; i++) {
            square += (double) q[i] * q[i];
        }
        return Math.sqrt(square);
    }

    /** The start value with which sums equal Σ p·(c − 7.5). */
    short start() {
        return start;
    }

    /**
     * Computes the thresholds that items' sums must exceed to reach the score {@code worst}. A threshold fits a short unless
     * no item of the block can reach the score, and is the smallest short for −∞.
     *
     * @param limits receives the thresholds of the blocks {@code from .. to − 1} at {@code block − from}
     */
    void limits(int from, int to, float worst, short[] limits) {
        double base = worst - meanProduct - slack;
        for (int block = from; block < to; block++) {
            double rest = base - bounds.bias()[block];
            for (int c = 0; c < factors.length; c++) {
                rest -= factors[c] * largest[c][block];
            }
            double least = rest * (bounds.inverseScale()[block] * inverseStep)
                    - lengthInSteps * bounds.error()[block]
                    - restInSteps * bounds.codeLength()[block];
            limits[block - from] = (short) Math.clamp(Math.ceil(least) - 1, Short.MIN_VALUE, Short.MAX_VALUE);
        }
    }

    /** Returns whether no item of this or a later block can reach the score {@code worst}. */
    boolean endsBefore(int block, float worst) {
        double bound = meanProduct + length * bounds.distance()[block] + bounds.laterBias()[block] + slack;
        for (int c = 0; c < factors.length; c++) {
            bound += factors[c] * laterLargest[c][block];
        }
        return bound < worst;
    }
}
