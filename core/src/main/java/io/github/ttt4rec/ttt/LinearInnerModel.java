package io.github.ttt4rec.ttt;

import java.util.Arrays;

/** {@code F(u) = u·W + b}. Block of a head: W {@code (f, f)}, b {@code (f)}. */
final class LinearInnerModel extends InnerModel {
    private final float[] z;
    /** ∂ℓ_j/∂F of each row. */
    private final float[] g;

    private final float[] zQuery;
    private final float[] gram;
    private final float[] mix;

    private final float[] step;
    private final float[] dG;
    private final float[] dZ;
    private final float[] dZQuery;
    private final float[] dMix;
    private final float[] reach;
    private final Transposed initial;
    private final Transposed own;
    private Transposed wTransposed;
    private final float[] dTransposed;

    private float[] weights = {};
    private int w;
    private int b;

    LinearInnerModel(int f, int miniBatch) {
        super(f, miniBatch);
        z = rows(f);
        g = rows(f);
        zQuery = rows(f);
        gram = rows(miniBatch);
        mix = rows(miniBatch);
        step = rows(f);
        dG = rows(f);
        dZ = rows(f);
        dZQuery = rows(f);
        dMix = rows(miniBatch);
        reach = rows(f);
        initial = new Transposed(f, f);
        own = new Transposed(f, f);
        wTransposed = own;
        dTransposed = new float[f * f];
    }

    @Override
    int weightCount() {
        return f * f + f;
    }

    @Override
    void prepare(float[] block, int offset) {
        initial.set(block, offset);
    }

    @Override
    void use(float[] block, int offset) {
        weights = block;
        w = offset;
        b = offset + f * f;
        wTransposed = initial.isOf(block, offset) ? initial : own;
    }

    @Override
    void forward(Norm norm, int from, int to) {
        int n = to - from;
        int o = from * f;
        int square = from * miniBatch;
        fillRows(f, weights, b, z, from, to);
        KERNELS.gemm(n, f, f, key, o, f, 1, weights, w, f, z, o, f, true);
        lossGradient(norm, from, to, z, g);
        fillRows(f, weights, b, zQuery, from, to);
        KERNELS.gemm(n, f, f, query, o, f, 1, weights, w, f, zQuery, o, f, true);
        KERNELS.gemmRows(n, to, f, query, o, f, key, 0, f, gram, square, miniBatch);
        mix(norm.scales(), gram, mix, from, to);
        KERNELS.gemm(n, f, to, mix, square, miniBatch, 1, g, 0, f, zQuery, o, f, true);
        result(norm, from, to, zQuery);
    }

    @Override
    void update(Norm norm, float[] block, int offset) {
        float last = norm.scales()[miniBatch - 1];
        for (int j = 0; j < miniBatch; j++) {
            KERNELS.scale(f, -last * rate[j], g, j * f, step, j * f);
        }
        outerProduct(miniBatch, f, f, key, step, block, offset);
        KERNELS.addRows(miniBatch, f, step, 0, f, block, offset + f * f);
    }

    @Override
    void backward(
            Norm norm,
            NormGradient dNorm,
            int n,
            boolean updated,
            float[] dWeights,
            int dOffset,
            float[] dStart,
            int dStartOffset) {
        int size = n * f;
        Arrays.fill(dRate, 0f);
        Arrays.fill(dKey, 0, size, 0f);
        Arrays.fill(dG, 0, size, 0f);
        if (updated) {
            // W_K = W − Xᵀ·step: the loss after this mini-batch reaches its gradients g, keys, rates and last scale.
            float last = norm.scales()[miniBatch - 1];
            float dLast = 0f;
            fillRows(f, dWeights, dOffset + f * f, reach, 0, n);
            product(n, f, f, key, dWeights, dOffset, reach, true);
            transpose(f, f, dWeights, dOffset, dTransposed);
            for (int j = 0; j < n; j++) {
                float d = -KERNELS.dot(f, reach, j * f, g, j * f);
                dLast += d * rate[j];
                dRate[j] += d * last;
                KERNELS.scale(f, -last * rate[j], reach, j * f, dG, j * f);
                KERNELS.scale(f, -last * rate[j], g, j * f, step, j * f);
            }
            dNorm.scales()[miniBatch - 1] += dLast;
            product(n, f, f, step, dTransposed, 0, dKey, true);
            KERNELS.axpy(weightCount(), 1f, dWeights, dOffset, dStart, dStartOffset);
        }
        float[] transposed = wTransposed.of(weights, w);
        resultBackward(norm, dNorm, n, zQuery, dZQuery);
        product(n, f, f, dZQuery, transposed, 0, dQuery, true);
        outerProduct(n, f, f, query, dZQuery, dStart, dStartOffset);
        KERNELS.addRows(n, f, dZQuery, 0, f, dStart, dStartOffset + f * f);
        KERNELS.gemmRows(n, n, f, dZQuery, 0, f, g, 0, f, dMix, 0, miniBatch);
        KERNELS.gemm(n, f, n, mix, 0, 1, miniBatch, dZQuery, 0, f, dG, 0, f, true);
        mixBackward(norm.scales(), gram, dMix, n, dNorm.scales());
        KERNELS.gemm(n, f, n, dMix, 0, miniBatch, 1, key, 0, f, dQuery, 0, f, true);
        KERNELS.gemm(n, f, n, dMix, 0, 1, miniBatch, query, 0, f, dKey, 0, f, true);

        lossGradientBackward(norm, dNorm, n, z, dG, dZ);
        product(n, f, f, dZ, transposed, 0, dKey, true);
        outerProduct(n, f, f, key, dZ, dStart, dStartOffset);
        KERNELS.addRows(n, f, dZ, 0, f, dStart, dStartOffset + f * f);
    }

    @Override
    double loss(Norm norm, int i) {
        return normalizedLoss(norm, z, i);
    }

    @Override
    double squaredGradient(int i) {
        return squaredGradient(f, key, f, g, i);
    }

    /** The floats that {@link #savePending} copies, for heads of size f. */
    static int pendingCount(int f) {
        return 2 * f + 1;
    }

    @Override
    void savePending(int i, float[] to, int offset) {
        System.arraycopy(key, i * f, to, offset, f);
        System.arraycopy(g, i * f, to, offset + f, f);
        to[offset + 2 * f] = rate[i];
    }

    @Override
    void loadPending(int i, float[] from, int offset) {
        System.arraycopy(from, offset, key, i * f, f);
        System.arraycopy(from, offset + f, g, i * f, f);
        rate[i] = from[offset + 2 * f];
    }
}
