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
        z = kept(f);
        g = kept(f);
        zQuery = kept(f);
        gram = kept(miniBatch);
        mix = kept(miniBatch);
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
        fillRows(f, weights, b, z, from, to);
        KERNELS.gemm(n, f, f, key, o, f, 1, weights, w, f, z, o, f, true);
        lossGradient(norm, from, to, z, g);
        fillRows(f, weights, b, zQuery, from, to);
        KERNELS.gemm(n, f, f, query, o, f, 1, weights, w, f, zQuery, o, f, true);
        mixIn(norm, from, to, f, query, key, f, g, zQuery, gram, mix);
        result(norm, from, to, zQuery);
    }

    @Override
    void update(Norm norm, int b, float[] block, int offset) {
        int start = batches.start(b);
        float last = norm.scales()[miniBatch - 1];
        for (int j = 0; j < miniBatch; j++) {
            KERNELS.scale(f, -last * rate[start + j], g, (start + j) * f, step, j * f);
        }
        addStep(miniBatch, start, f, f, key, step, block, offset);
    }

    @Override
    void backward(Norm norm, NormGradient dNorm, float[] dWeights, float[] dStart, int dStartOffset) {
        int n = batches.rows();
        int size = n * f;
        Arrays.fill(dRate, 0, n, 0f);
        Arrays.fill(dKey, 0, size, 0f);
        Arrays.fill(dG, 0, size, 0f);
        for (int b = 0; b < batches.count(); b++) {
            if (batches.flow(b) != MiniBatches.NOTHING) {
                backwardUpdate(norm, dNorm, b, dWeights, batches.flow(b));
                KERNELS.axpy(weightCount(), 1f, dWeights, batches.flow(b), dStart, dStartOffset);
            }
        }
        float[] transposed = wTransposed.of(weights, w);
        resultBackward(norm, dNorm, n, zQuery, dZQuery);
        product(n, f, f, dZQuery, transposed, 0, dQuery, true);
        addGradient(n, f, f, query, dZQuery, dStart, dStartOffset);
        mixInBackward(norm, dNorm, f, query, key, f, g, dZQuery, gram, mix, dMix, dQuery, dKey, dG);

        lossGradientBackward(norm, dNorm, n, z, dG, dZ);
        product(n, f, f, dZ, transposed, 0, dKey, true);
        addGradient(n, f, f, key, dZ, dStart, dStartOffset);
    }

    /** W_K = W − Xᵀ·step: the loss after a mini-batch reaches its gradients g, keys, rates and last scale. */
    private void backwardUpdate(Norm norm, NormGradient dNorm, int batch, float[] dWeights, int dOffset) {
        int start = batches.start(batch);
        int end = batches.start(batch + 1);
        int n = end - start;
        float last = norm.scales()[miniBatch - 1];
        float dLast = 0f;
        fillRows(f, dWeights, dOffset + f * f, reach, start, end);
        product(start, n, f, f, key, dWeights, dOffset, reach);
        for (int j = start; j < end; j++) {
            float d = -KERNELS.dot(f, reach, j * f, g, j * f);
            dLast += d * rate[j];
            dRate[j] += d * last;
            KERNELS.scale(f, -last * rate[j], reach, j * f, dG, j * f);
            KERNELS.scale(f, -last * rate[j], g, j * f, step, j * f);
        }
        dNorm.scales()[miniBatch - 1] += dLast;
        transpose(f, f, dWeights, dOffset, dTransposed);
        product(start, n, f, f, step, dTransposed, 0, dKey);
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
