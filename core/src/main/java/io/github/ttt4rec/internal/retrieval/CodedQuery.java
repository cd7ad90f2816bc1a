package io.github.ttt4rec.internal.retrieval;

import static io.github.ttt4rec.internal.retrieval.CodedTable.BIAS;
import static io.github.ttt4rec.internal.retrieval.CodedTable.CODE_LENGTH;
import static io.github.ttt4rec.internal.retrieval.CodedTable.DISTANCE;
import static io.github.ttt4rec.internal.retrieval.CodedTable.ENTRIES;
import static io.github.ttt4rec.internal.retrieval.CodedTable.ERROR;
import static io.github.ttt4rec.internal.retrieval.CodedTable.INVERSE_SCALE;
import static io.github.ttt4rec.internal.retrieval.CodedTable.LATER_BIAS;

/**
 * A query vector q in small integers, {@code q = t·p + f}, with the threshold that an item's sum of products must
 * exceed. Let x be an item in a block of scale s, e = x − μ − s·(c − 7.5) its error and b its bias. By Cauchy and
 * Schwarz
 *
 * <pre>{@code q·x + b = q·μ + s·t·Σ p·(c − 7.5) + s·f·(c − 7.5) + q·e + b
 *         ≤ q·μ + s·t·y + s·|f|·|c − 7.5| + |q|·|e| + b      with y = Σ p·(c − 7.5)}</pre>
 *
 * and rounding raises the float score by at most ρ = {@code (d + 2)·2⁻²⁴·(|q|·|x| + |b|)}. Let L be the k-th best score
 * found. An item cannot be among the best if y is below
 * {@code (L − q·μ − b − ρ)/(s·t) − |q|/t·|e|/s − |f|/t·|c − 7.5|}. Skipping such items gives the list of a full scan.
 */
final class CodedQuery {
    /** Sums are below 2¹⁵ in absolute value, with room for the rounding of their start. */
    private static final double LARGEST_SUM = 32_700;

    private final CodedTable table;
    private final double length;
    private final double meanProduct;
    private final double step;
    private final double lengthInSteps;
    private final double restInSteps;
    private final double rounding;
    private final short start;

    /** Writes p to {@code codes} from {@code offset} on. The vector must pass {@link #suits}. */
    CodedQuery(CodedTable table, float[] q, short[] codes, int offset) {
        this.table = table;
        int d = table.d();
        length = length(q, d);
        double longest = table.codeLength();
        // |p|·|c − 7.5| stays below 2¹⁵, the rounding of p included.
        step = length * longest / (LARGEST_SUM - longest * Math.sqrt(d) / 2);
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
        meanProduct = product;
        lengthInSteps = length / step;
        restInSteps = Math.sqrt(rest) / step;
        rounding = 1.01 * (d + 2) * 0x1p-24;
        // Rounding may make sums too large but never too small, so no candidate is lost.
        start = (short) -Math.floorDiv(15 * sum, 2);
    }

    /** Returns whether scores stay well within the range of a float. */
    static boolean suits(CodedTable table, float[] q) {
        double length = length(q, table.d());
        double largest = length * (table.blocks()[DISTANCE] + table.meanLength());
        return length > 1e-30 && largest < 1e37;
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
     * The threshold that an item's sum must exceed to reach the score {@code worst}. It fits a short unless no item of the
     * block can reach it, and is the smallest short for −∞.
     */
    int limit(int block, float worst) {
        double[] b = table.blocks();
        int at = block * ENTRIES;
        double inverse = b[at + INVERSE_SCALE] / step;
        double least = (worst - meanProduct - b[at + BIAS] - slack(at)) * inverse
                - lengthInSteps * b[at + ERROR]
                - restInSteps * b[at + CODE_LENGTH];
        return (int) Math.clamp(Math.ceil(least) - 1, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** Returns whether no item of this or a later block can reach the score {@code worst}. */
    boolean endsBefore(int block, float worst) {
        double[] b = table.blocks();
        int at = block * ENTRIES;
        return meanProduct + length * b[at + DISTANCE] + b[at + LATER_BIAS] + slack(at) < worst;
    }

    private double slack(int at) {
        double[] b = table.blocks();
        double biases = Math.max(Math.abs(b[at + BIAS]), Math.abs(b[at + LATER_BIAS]));
        return rounding * (length * (b[at + DISTANCE] + table.meanLength()) + biases) + 1e-40;
    }
}
