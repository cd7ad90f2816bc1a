package io.github.ttt4rec.ttt;

import java.util.Arrays;

/**
 * {@code F(u) = gelu(u·W1 + b1)·W2 + b2}. Block of a head: W1 {@code (f, w)}, b1 {@code (w)}, W2 {@code (w, f)}, b2
 * {@code (f)} with w = 4f. The suffix 1 is of the first layer, 2 of the second; the input of layer 1 is the key (or
 * query), that of layer 2 is {@code hidden} (or {@code hiddenQuery}).
 */
final class MlpInnerModel extends InnerModel {
    private final int w;
    private final float[] z1;
    private final float[] hidden;
    private final float[] slope;
    private final float[] z2;
    /** ∂ℓ_j/∂z of both layers. */
    private final float[] g1;

    private final float[] g2;
    /** g2·W2ᵀ. */
    private final float[] back;

    private final float[] z1Query;
    private final float[] hiddenQuery;
    private final float[] slopeQuery;
    private final float[] z2Query;
    private final float[] gram1;
    private final float[] gram2;
    private final float[] mix1;
    private final float[] mix2;

    private final float[] step1;
    private final float[] step2;
    private final float[] dG1;
    private final float[] dG2;
    private final float[] dZ1;
    private final float[] dZ2;
    private final float[] dHidden;
    private final float[] dWide;
    private final float[] dZ2Query;
    private final float[] dMix;
    private final Transposed initial1;
    private final Transposed initial2;
    private final Transposed own1;
    private final Transposed own2;
    private Transposed w1Transposed;
    private final float[] d1Transposed;
    private final float[] d2Transposed;

    private float[] weights = {};
    private float[] w2Transposed = {};
    private int w1;
    private int b1;
    private int w2;
    private int b2;

    MlpInnerModel(int f, int miniBatch) {
        super(f, miniBatch);
        w = 4 * f;
        z1 = rows(w);
        hidden = rows(w);
        slope = rows(w);
        z2 = rows(f);
        g1 = rows(w);
        g2 = rows(f);
        back = rows(w);
        z1Query = rows(w);
        hiddenQuery = rows(w);
        slopeQuery = rows(w);
        z2Query = rows(f);
        gram1 = rows(miniBatch);
        gram2 = rows(miniBatch);
        mix1 = rows(miniBatch);
        mix2 = rows(miniBatch);
        step1 = rows(w);
        step2 = rows(f);
        dG1 = rows(w);
        dG2 = rows(f);
        dZ1 = rows(w);
        dZ2 = rows(f);
        dHidden = rows(w);
        dWide = rows(w);
        dZ2Query = rows(f);
        dMix = rows(miniBatch);
        initial1 = new Transposed(f, w);
        initial2 = new Transposed(w, f);
        own1 = new Transposed(f, w);
        own2 = new Transposed(w, f);
        w1Transposed = own1;
        d1Transposed = new float[w * f];
        d2Transposed = new float[w * f];
    }

    @Override
    int weightCount() {
        return 2 * f * w + w + f;
    }

    @Override
    void prepare(float[] block, int offset) {
        initial1.set(block, offset);
        initial2.set(block, offset + f * w + w);
    }

    @Override
    void use(float[] block, int offset) {
        weights = block;
        w1 = offset;
        b1 = w1 + f * w;
        w2 = b1 + w;
        b2 = w2 + w * f;
        boolean prepared = initial1.isOf(block, w1);
        w1Transposed = prepared ? initial1 : own1;
        w2Transposed = (prepared ? initial2 : own2).of(block, w2);
    }

    @Override
    void forward(Norm norm, int from, int to) {
        int n = to - from;
        int o = from * f;
        int wide = from * w;
        int square = from * miniBatch;
        fillRows(w, weights, b1, z1, from, to);
        KERNELS.gemm(n, w, f, key, o, f, 1, weights, w1, w, z1, wide, w, true);
        KERNELS.gelu(n * w, z1, wide, hidden, wide, slope, wide);
        fillRows(f, weights, b2, z2, from, to);
        KERNELS.gemm(n, f, w, hidden, wide, w, 1, weights, w2, f, z2, o, f, true);
        lossGradient(norm, from, to, z2, g2);
        KERNELS.gemm(n, w, f, g2, o, f, 1, w2Transposed, 0, w, back, wide, w, false);
        KERNELS.multiply(n * w, back, wide, slope, wide, g1, wide);

        fillRows(w, weights, b1, z1Query, from, to);
        KERNELS.gemm(n, w, f, query, o, f, 1, weights, w1, w, z1Query, wide, w, true);
        KERNELS.gemmRows(n, to, f, query, o, f, key, 0, f, gram1, square, miniBatch);
        mix(norm.scales(), gram1, mix1, from, to);
        KERNELS.gemm(n, w, to, mix1, square, miniBatch, 1, g1, 0, w, z1Query, wide, w, true);
        KERNELS.gelu(n * w, z1Query, wide, hiddenQuery, wide, slopeQuery, wide);

        fillRows(f, weights, b2, z2Query, from, to);
        KERNELS.gemm(n, f, w, hiddenQuery, wide, w, 1, weights, w2, f, z2Query, o, f, true);
        KERNELS.gemmRows(n, to, w, hiddenQuery, wide, w, hidden, 0, w, gram2, square, miniBatch);
        mix(norm.scales(), gram2, mix2, from, to);
        KERNELS.gemm(n, f, to, mix2, square, miniBatch, 1, g2, 0, f, z2Query, o, f, true);
        result(norm, from, to, z2Query);
    }

    @Override
    void update(Norm norm, float[] block, int offset) {
        float last = norm.scales()[miniBatch - 1];
        for (int j = 0; j < miniBatch; j++) {
            KERNELS.scale(w, -last * rate[j], g1, j * w, step1, j * w);
            KERNELS.scale(f, -last * rate[j], g2, j * f, step2, j * f);
        }
        outerProduct(miniBatch, f, w, key, step1, block, offset);
        KERNELS.addRows(miniBatch, w, step1, 0, w, block, offset + f * w);
        outerProduct(miniBatch, w, f, hidden, step2, block, offset + f * w + w);
        KERNELS.addRows(miniBatch, f, step2, 0, f, block, offset + 2 * f * w + w);
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
        int wideSize = n * w;
        Arrays.fill(dRate, 0f);
        Arrays.fill(dKey, 0, size, 0f);
        Arrays.fill(dG1, 0, wideSize, 0f);
        Arrays.fill(dG2, 0, size, 0f);
        Arrays.fill(dHidden, 0, wideSize, 0f);
        if (updated) {
            backwardUpdate(norm, dNorm, n, dWeights, dOffset);
            KERNELS.axpy(weightCount(), 1f, dWeights, dOffset, dStart, dStartOffset);
        }
        int dB1 = dStartOffset + f * w;
        int dW2 = dB1 + w;
        int dB2 = dW2 + w * f;
        float[] w1Back = w1Transposed.of(weights, w1);

        // The query side, from the output down to the query.
        resultBackward(norm, dNorm, n, z2Query, dZ2Query);
        product(n, w, f, dZ2Query, w2Transposed, 0, dWide, false);
        outerProduct(n, w, f, hiddenQuery, dZ2Query, dStart, dW2);
        KERNELS.addRows(n, f, dZ2Query, 0, f, dStart, dB2);
        KERNELS.gemmRows(n, n, f, dZ2Query, 0, f, g2, 0, f, dMix, 0, miniBatch);
        KERNELS.gemm(n, f, n, mix2, 0, 1, miniBatch, dZ2Query, 0, f, dG2, 0, f, true);
        mixBackward(norm.scales(), gram2, dMix, n, dNorm.scales());
        KERNELS.gemm(n, w, n, dMix, 0, miniBatch, 1, hidden, 0, w, dWide, 0, w, true);
        KERNELS.gemm(n, w, n, dMix, 0, 1, miniBatch, hiddenQuery, 0, w, dHidden, 0, w, true);
        KERNELS.multiply(wideSize, dWide, 0, slopeQuery, 0, dWide, 0);
        product(n, f, w, dWide, w1Back, 0, dQuery, true);
        outerProduct(n, f, w, query, dWide, dStart, dStartOffset);
        KERNELS.addRows(n, w, dWide, 0, w, dStart, dB1);
        KERNELS.gemmRows(n, n, w, dWide, 0, w, g1, 0, w, dMix, 0, miniBatch);
        KERNELS.gemm(n, w, n, mix1, 0, 1, miniBatch, dWide, 0, w, dG1, 0, w, true);
        mixBackward(norm.scales(), gram1, dMix, n, dNorm.scales());
        KERNELS.gemm(n, f, n, dMix, 0, miniBatch, 1, key, 0, f, dQuery, 0, f, true);
        KERNELS.gemm(n, f, n, dMix, 0, 1, miniBatch, query, 0, f, dKey, 0, f, true);

        // g1 = (g2·W2ᵀ)·gelu′(z1): the inner backward pass, differentiated.
        KERNELS.geluSecondDerivative(wideSize, z1, 0, dZ1, 0);
        KERNELS.multiply(wideSize, dZ1, 0, back, 0, dZ1, 0);
        KERNELS.multiply(wideSize, dZ1, 0, dG1, 0, dZ1, 0);
        KERNELS.multiply(wideSize, dG1, 0, slope, 0, dG1, 0);
        product(n, f, w, dG1, weights, w2, dG2, true);
        outerProduct(n, w, f, dG1, g2, dStart, dW2);
        lossGradientBackward(norm, dNorm, n, z2, dG2, dZ2);

        // The key side, down to the key.
        product(n, w, f, dZ2, w2Transposed, 0, dHidden, true);
        outerProduct(n, w, f, hidden, dZ2, dStart, dW2);
        KERNELS.addRows(n, f, dZ2, 0, f, dStart, dB2);
        KERNELS.multiplyAdd(wideSize, dHidden, 0, slope, 0, dZ1, 0);
        product(n, f, w, dZ1, w1Back, 0, dKey, true);
        outerProduct(n, f, w, key, dZ1, dStart, dStartOffset);
        KERNELS.addRows(n, w, dZ1, 0, w, dStart, dB1);
    }

    /** The loss after this mini-batch reaches, through W_K, its gradients g, keys, hidden rows, rates and last scale. */
    private void backwardUpdate(Norm norm, NormGradient dNorm, int n, float[] dWeights, int dOffset) {
        int dB1 = dOffset + f * w;
        int dW2 = dB1 + w;
        int dB2 = dW2 + w * f;
        float last = norm.scales()[miniBatch - 1];
        float dLast = 0f;
        fillRows(w, dWeights, dB1, dWide, 0, n);
        product(n, w, f, key, dWeights, dOffset, dWide, true);
        fillRows(f, dWeights, dB2, dZ2, 0, n);
        product(n, f, w, hidden, dWeights, dW2, dZ2, true);
        for (int j = 0; j < n; j++) {
            float d = -KERNELS.dot(w, dWide, j * w, g1, j * w) - KERNELS.dot(f, dZ2, j * f, g2, j * f);
            dLast += d * rate[j];
            dRate[j] += d * last;
            float c = -last * rate[j];
            KERNELS.scale(w, c, dWide, j * w, dG1, j * w);
            KERNELS.scale(f, c, dZ2, j * f, dG2, j * f);
            KERNELS.scale(w, c, g1, j * w, step1, j * w);
            KERNELS.scale(f, c, g2, j * f, step2, j * f);
        }
        dNorm.scales()[miniBatch - 1] += dLast;
        transpose(f, w, dWeights, dOffset, d1Transposed);
        transpose(w, f, dWeights, dW2, d2Transposed);
        product(n, f, w, step1, d1Transposed, 0, dKey, true);
        product(n, w, f, step2, d2Transposed, 0, dHidden, true);
    }

    @Override
    double loss(Norm norm, int i) {
        return normalizedLoss(norm, z2, i);
    }

    @Override
    double squaredGradient(int i) {
        return squaredGradient(f, key, w, g1, i) + squaredGradient(w, hidden, f, g2, i);
    }

    /** The floats that {@link #savePending} copies, for heads of size f. */
    static int pendingCount(int f) {
        int w = 4 * f;
        return 2 * f + 2 * w + 1;
    }

    @Override
    void savePending(int i, float[] to, int offset) {
        System.arraycopy(key, i * f, to, offset, f);
        System.arraycopy(hidden, i * w, to, offset + f, w);
        System.arraycopy(g1, i * w, to, offset + f + w, w);
        System.arraycopy(g2, i * f, to, offset + f + 2 * w, f);
        to[offset + 2 * f + 2 * w] = rate[i];
    }

    @Override
    void loadPending(int i, float[] from, int offset) {
        System.arraycopy(from, offset, key, i * f, f);
        System.arraycopy(from, offset + f, hidden, i * w, w);
        System.arraycopy(from, offset + f + w, g1, i * w, w);
        System.arraycopy(from, offset + f + 2 * w, g2, i * f, f);
        rate[i] = from[offset + 2 * f + 2 * w];
    }
}
