package io.github.ttt4rec.ttt;

import static io.github.ttt4rec.ttt.TttParameters.NORM_EPSILON;

import io.github.ttt4rec.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one head and one or several inner mini-batches that start from the same W, with the scratch memory for
 * it. Not for two threads. A head's fast weights are a block of {@link #weightCount} floats somewhere in a larger array; the
 * inner model keeps none itself. Several at once are the first mini-batches of many sequences: what W_0 is multiplied with is
 * then a tall matrix.
 *
 * <p>Use: say how rows are cut ({@link #batches}), fill the rows' inputs ({@link #query}, {@link #key}, {@link #target},
 * {@link #rate}), {@link #use} a block, {@link #forward}, and where a mini-batch is full {@link #update} a block. For
 * training, {@link #save} the rows, and to go back {@link #restore} them, fill {@link #dOutput} and call {@link #backward}.
 */
abstract sealed class InnerModel permits LinearInnerModel, MlpInnerModel {
    static final Kernels KERNELS = Kernels.active();
    /** Rows at once, or K where it is more: products are tall enough to be fast, and all scratch memory stays in L2. */
    private static final int ROWS = 64;

    final int f;
    final int miniBatch;

    /** The most rows at once. */
    final int capacity;

    final MiniBatches batches;

    private final List<float[]> kept = new ArrayList<>();
    private int keptCount;

    /** Rotated queries q, keys x, and targets value − key, {@code (rows, f)} each. */
    final float[] query;

    final float[] key;
    final float[] target;
    /** Inner learning rate lr_j of each row. */
    final float[] rate;
    /** Result of each row, {@code (rows, f)}. */
    final float[] output;

    final float[] dOutput;
    final float[] dQuery;
    final float[] dKey;
    final float[] dTarget;
    final float[] dRate;
    private final float[] normedRow;

    InnerModel(int f, int miniBatch) {
        this.f = f;
        this.miniBatch = miniBatch;
        capacity = Math.max(ROWS, miniBatch);
        batches = new MiniBatches(capacity);
        query = kept(f);
        key = kept(f);
        target = kept(f);
        rate = kept(1);
        output = rows(f);
        dOutput = rows(f);
        dQuery = rows(f);
        dKey = rows(f);
        dTarget = rows(f);
        dRate = new float[capacity];
        normedRow = new float[f];
    }

    final float[] rows(int width) {
        return new float[capacity * width];
    }

    /** Rows that {@link #forward} leaves and {@link #backward} reads. */
    final float[] kept(int width) {
        float[] rows = rows(width);
        kept.add(rows);
        keptCount += width;
        return rows;
    }

    /** The floats that {@link #save} writes for each row. */
    final int keptCount() {
        return keptCount;
    }

    /** Copies what the backward pass needs of the rows that {@link #forward} has computed. */
    final void save(float[] to, int offset) {
        int o = offset;
        for (float[] rows : kept) {
            int size = batches.rows() * (rows.length / capacity);
            System.arraycopy(rows, 0, to, o, size);
            o += size;
        }
    }

    /** Puts back what {@link #save} copied, into the same number of rows. */
    final void restore(float[] from, int offset) {
        int o = offset;
        for (float[] rows : kept) {
            int size = batches.rows() * (rows.length / capacity);
            System.arraycopy(from, o, rows, 0, size);
            o += size;
        }
    }

    /** Gain and bias of the inner LayerNorm, or their gradients; those of the head at hand begin at the offset. */
    record Affine(float[] gain, float[] bias, int offset) {}

    /** What the inner model reads besides W: position scales s, and this head's LayerNorm, null where LN is the identity. */
    record Norm(float[] scales, @Nullable Affine affine) {}

    /** Gradients of what {@link Norm} holds. */
    record NormGradient(float[] scales, @Nullable Affine affine) {}

    /** The number of a head's fast weights. */
    abstract int weightCount();

    /** Names the block W_0 of a head, which many sequences will {@link #use}, so that it is prepared only once. */
    abstract void prepare(float[] weights, int offset);

    /** Makes the block at {@code offset} the W of the coming calls. */
    abstract void use(float[] weights, int offset);

    /** Computes rows {@code from .. to − 1}; the rows before them in their mini-batch must have been computed or loaded. */
    abstract void forward(Norm norm, int from, int to);

    /** {@code W_K = W − s_{K−1}·Σ_j lr_j·∇ℓ_j(W)} over the K rows of mini-batch b, in place on a block that holds W. */
    abstract void update(Norm norm, int b, float[] weights, int offset);

    /**
     * Backward of all rows: sets dQuery, dKey, dTarget, dRate, and adds the gradient with respect to W to {@code dStart}.
     *
     * @param dWeights the gradients with respect to the weights AFTER the mini-batches that were full and followed by another,
     *     each where {@link MiniBatches#flow} says
     */
    abstract void backward(Norm norm, NormGradient dNorm, float[] dWeights, float[] dStart, int dStartOffset);

    /** ℓ_i(W) = ½‖LN(F(key_i; W)) − target_i‖² of a row that {@link #forward} has computed. */
    abstract double loss(Norm norm, int i);

    /** Squared Euclidean norm of ∇ℓ_i(W) of a row that {@link #forward} has computed. */
    abstract double squaredGradient(int i);

    /** ½‖LN(z_i) − target_i‖² for rows z {@code (rows, f)}. */
    final double normalizedLoss(Norm norm, float[] z, int i) {
        int o = i * f;
        float[] normed = normedRow;
        Affine affine = norm.affine();
        if (affine != null) {
            KERNELS.layerNorm(1, f, z, o, f, affine.gain(), affine.bias(), affine.offset(), NORM_EPSILON, normed, 0, f);
        } else {
            System.arraycopy(z, o, normed, 0, f);
        }
        KERNELS.axpy(f, -1f, target, o, normed, 0);
        return KERNELS.dot(f, normed, 0, normed, 0) / 2;
    }

    /** Squared Euclidean norm of the gradient of an affine map: the outer product of {@code (input_i, 1)} and g_i. */
    static double squaredGradient(int in, float[] input, int out, float[] g, int i) {
        return KERNELS.dot(out, g, i * out, g, i * out) * (1.0 + KERNELS.dot(in, input, i * in, input, i * in));
    }

    /** Copies what row i leaves behind. */
    abstract void savePending(int i, float[] to, int offset);

    /** Puts back what {@link #savePending} copied. */
    abstract void loadPending(int i, float[] from, int offset);

    /** The gradients g of the inner loss {@code ½‖LN(z) − target‖²} with respect to z, of rows {@code from .. to − 1}. */
    final void lossGradient(Norm norm, int from, int to, float[] z, float[] g) {
        int n = to - from;
        int o = from * f;
        Affine affine = norm.affine();
        if (affine != null) {
            KERNELS.normalizedRegression(
                    n, f, z, o, target, o, affine.gain(), affine.bias(), affine.offset(), NORM_EPSILON, g, o);
        } else {
            System.arraycopy(z, o, g, o, n * f);
            KERNELS.axpy(n * f, -1f, target, o, g, o);
        }
    }

    /** Backward of {@link #lossGradient}, rows {@code 0 .. n − 1}: from dG, sets dZ and dTarget. */
    final void lossGradientBackward(Norm norm, NormGradient dNorm, int n, float[] z, float[] dG, float[] dZ) {
        Affine affine = norm.affine();
        if (affine != null) {
            Affine dAffine = Objects.requireNonNull(dNorm.affine());
            KERNELS.normalizedRegressionBackward(
                    n,
                    f,
                    z,
                    0,
                    target,
                    0,
                    affine.gain(),
                    affine.bias(),
                    affine.offset(),
                    NORM_EPSILON,
                    dG,
                    0,
                    dZ,
                    0,
                    dTarget,
                    0,
                    dAffine.gain(),
                    dAffine.bias(),
                    dAffine.offset());
        } else {
            System.arraycopy(dG, 0, dZ, 0, n * f);
            KERNELS.scale(n * f, -1f, dG, 0, dTarget, 0);
        }
    }

    /** {@code output = query + LN(z)} of rows {@code from .. to − 1}. */
    final void result(Norm norm, int from, int to, float[] z) {
        int n = to - from;
        int o = from * f;
        Affine affine = norm.affine();
        if (affine != null) {
            KERNELS.layerNorm(n, f, z, o, f, affine.gain(), affine.bias(), affine.offset(), NORM_EPSILON, output, o, f);
        } else {
            System.arraycopy(z, o, output, o, n * f);
        }
        KERNELS.axpy(n * f, 1f, query, o, output, o);
    }

    /** Backward of {@link #result}, rows {@code 0 .. n − 1}: from dOutput, sets dQuery and dZ. */
    final void resultBackward(Norm norm, NormGradient dNorm, int n, float[] z, float[] dZ) {
        System.arraycopy(dOutput, 0, dQuery, 0, n * f);
        Affine affine = norm.affine();
        if (affine != null) {
            Affine dAffine = Objects.requireNonNull(dNorm.affine());
            Arrays.fill(dZ, 0, n * f, 0f);
            KERNELS.layerNormBackward(
                    n,
                    f,
                    z,
                    0,
                    f,
                    affine.gain(),
                    affine.offset(),
                    NORM_EPSILON,
                    dOutput,
                    0,
                    f,
                    dZ,
                    0,
                    f,
                    dAffine.gain(),
                    dAffine.bias(),
                    dAffine.offset());
        } else {
            System.arraycopy(dOutput, 0, dZ, 0, n * f);
        }
    }

    /** Copies a bias to each of the rows {@code from .. to − 1}. */
    static void fillRows(int width, float[] bias, int biasOffset, float[] rows, int from, int to) {
        for (int i = from; i < to; i++) {
            System.arraycopy(bias, biasOffset, rows, i * width, width);
        }
    }

    /**
     * {@code z += mix·g}, mini-batch by mini-batch, for rows {@code from .. to − 1}: the part of the dual form that the tokens
     * before a row, and its own, have. Leaves the products of rows in gram and the mixing matrix in mix, both with K columns.
     *
     * @param width of the layer's input: a {@code (rows, width)} of the query side, x of the key side
     * @param out width of its output: g and z {@code (rows, out)}
     */
    final void mixIn(
            Norm norm,
            int from,
            int to,
            int width,
            float[] a,
            float[] x,
            int out,
            float[] g,
            float[] z,
            float[] gram,
            float[] mix) {
        for (int b = 0; b < batches.count(); b++) {
            int start = batches.start(b);
            int first = Math.max(from, start);
            int end = Math.min(to, batches.start(b + 1));
            int n = end - first;
            if (n <= 0) {
                continue;
            }
            int square = first * miniBatch;
            KERNELS.gemmRows(
                    n, end - start, width, a, first * width, width, x, start * width, width, gram, square, miniBatch);
            mix(norm.scales(), gram, mix, start, first, end);
            KERNELS.gemm(
                    n, out, end - start, mix, square, miniBatch, 1, g, start * out, out, z, first * out, out, true);
        }
    }

    /**
     * Backward of {@link #mixIn} over all rows: from dZ, adds to dA, dX and dG, and to dRate and the scales' gradients.
     *
     * @param dMix scratch
     */
    final void mixInBackward(
            Norm norm,
            NormGradient dNorm,
            int width,
            float[] a,
            float[] x,
            int out,
            float[] g,
            float[] dZ,
            float[] gram,
            float[] mix,
            float[] dMix,
            float[] dA,
            float[] dX,
            float[] dG) {
        int k = miniBatch;
        for (int b = 0; b < batches.count(); b++) {
            int start = batches.start(b);
            int n = batches.start(b + 1) - start;
            int square = start * k;
            int in = start * width;
            int o = start * out;
            KERNELS.gemmRows(n, n, out, dZ, o, out, g, o, out, dMix, square, k);
            KERNELS.gemm(n, out, n, mix, square, 1, k, dZ, o, out, dG, o, out, true);
            mixBackward(norm.scales(), gram, dMix, start, n, dNorm.scales());
            KERNELS.gemm(n, width, n, dMix, square, k, 1, x, in, width, dA, in, width, true);
            KERNELS.gemm(n, width, n, dMix, square, 1, k, a, in, width, dX, in, width, true);
        }
    }

    /**
     * The mixing matrix of the dual form: for j ≤ i, {@code mix_ij = −s_i·lr_j·(gram_ij + 1)}, where gram_ij is the inner
     * product of the i-th query-side row with the j-th key-side row; the 1 stands for the bias. Zero for j > i.
     */
    private void mix(float[] scales, float[] gram, float[] mix, int start, int from, int to) {
        for (int i = from; i < to; i++) {
            int row = i * miniBatch - start;
            float scale = scales[i - start];
            for (int j = start; j <= i; j++) {
                mix[row + j] = -scale * rate[j] * (gram[row + j] + 1f);
            }
            for (int j = i + 1; j < to; j++) {
                mix[row + j] = 0f;
            }
        }
    }

    /** Backward of {@link #mix}: turns dMix into dGram in place (zero above the diagonal), adds to dRate and dScales. */
    private void mixBackward(float[] scales, float[] gram, float[] dMix, int start, int n, float[] dScales) {
        for (int i = start; i < start + n; i++) {
            int row = i * miniBatch - start;
            float scale = scales[i - start];
            float dScale = 0f;
            for (int j = start; j <= i; j++) {
                float d = -dMix[row + j];
                float affine = gram[row + j] + 1f;
                dScale += d * rate[j] * affine;
                dRate[j] += d * scale * affine;
                dMix[row + j] = d * scale * rate[j];
            }
            for (int j = i + 1; j < start + n; j++) {
                dMix[row + j] = 0f;
            }
            dScales[i - start] += dScale;
        }
    }

    /**
     * {@code c = A·B} for adjacent rows: A {@code (m, k)}, B {@code (k, n)}, rows of A and C counted from the arrays'
     * beginning.
     */
    static void product(int m, int n, int k, float[] a, float[] b, int bOffset, float[] c, boolean accumulate) {
        KERNELS.gemm(m, n, k, a, 0, k, 1, b, bOffset, n, c, 0, n, accumulate);
    }

    /** The same for the m rows of A and C from {@code first}. */
    static void product(int first, int m, int n, int k, float[] a, float[] b, int bOffset, float[] c) {
        KERNELS.gemm(m, n, k, a, first * k, k, 1, b, bOffset, n, c, first * n, n, true);
    }

    /** {@code C += Aᵀ·B}: A {@code (rows, m)}, B {@code (rows, n)}, C {@code (m, n)}. */
    static void outerProduct(int rows, int m, int n, float[] a, float[] b, float[] c, int cOffset) {
        KERNELS.gemm(m, n, rows, a, 0, 1, m, b, 0, n, c, cOffset, n, true);
    }

    /** Applies a gradient step to an affine map: {@code W += Xᵀ·step, b += Σ step}, rows of X from {@code first}. */
    static void addStep(int rows, int first, int in, int out, float[] x, float[] step, float[] block, int offset) {
        KERNELS.gemm(in, out, rows, x, first * in, 1, in, step, 0, out, block, offset, out, true);
        KERNELS.addRows(rows, out, step, 0, out, block, offset + in * out);
    }

    /** The gradient of an affine map's W and b: {@code dW += Xᵀ·dZ, db += Σ dZ}. */
    static void addGradient(int rows, int in, int out, float[] x, float[] dZ, float[] dBlock, int offset) {
        outerProduct(rows, in, out, x, dZ, dBlock, offset);
        KERNELS.addRows(rows, out, dZ, 0, out, dBlock, offset + in * out);
    }

    /** Transposes {@code (rows, columns)}. */
    static void transpose(int rows, int columns, float[] from, int offset, float[] to) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[c * rows + r] = from[offset + r * columns + c];
            }
        }
    }
}
