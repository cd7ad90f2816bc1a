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
        z1 = kept(w);
        hidden = kept(w);
        slope = kept(w);
        z2 = kept(f);
        g1 = kept(w);
        g2 = kept(f);
        back = kept(w);
        z1Query = rows(w);
        hiddenQuery = kept(w);
        slopeQuery = kept(w);
        z2Query = kept(f);
        gram1 = kept(miniBatch);
        gram2 = kept(miniBatch);
        mix1 = kept(miniBatch);
        mix2 = kept(miniBatch);
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
        mixIn(norm, from, to, f, query, key, w, g1, z1Query, gram1, mix1);
        KERNELS.gelu(n * w, z1Query, wide, hiddenQuery, wide, slopeQuery, wide);

        fillRows(f, weights, b2, z2Query, from, to);
        KERNELS.gemm(n, f, w, hiddenQuery, wide, w, 1, weights, w2, f, z2Query, o, f, true);
        mixIn(norm, from, to, w, hiddenQuery, hidden, f, g2, z2Query, gram2, mix2);
        result(norm, from, to, z2Query);
    }

    @Override
    void update(Norm norm, int b, float[] block, int offset) {
        int start = batches.start(b);
        float last = norm.scales()[miniBatch - 1];
        for (int j = 0; j < miniBatch; j++) {
            float c = -last * rate[start + j];
            KERNELS.scale(w, c, g1, (start + j) * w, step1, j * w);
            KERNELS.scale(f, c, g2, (start + j) * f, step2, j * f);
        }
        addStep(miniBatch, start, f, w, key, step1, block, offset);
        addStep(miniBatch, start, w, f, hidden, step2, block, offset + f * w + w);
    }

    @Override
    void backward(Norm norm, NormGradient dNorm, float[] dWeights, float[] dStart, int dStartOffset) {
        int n = batches.rows();
        int size = n * f;
        int wideSize = n * w;
        Arrays.fill(dRate, 0, n, 0f);
        Arrays.fill(dKey, 0, size, 0f);
        Arrays.fill(dG1, 0, wideSize, 0f);
        Arrays.fill(dG2, 0, size, 0f);
        Arrays.fill(dHidden, 0, wideSize, 0f);
        for (int b = 0; b < batches.count(); b++) {
            if (batches.flow(b) != MiniBatches.NOTHING) {
                backwardUpdate(norm, dNorm, b, dWeights, batches.flow(b));
                KERNELS.axpy(weightCount(), 1f, dWeights, batches.flow(b), dStart, dStartOffset);
            }
        }
        int dW2 = dStartOffset + f * w + w;
        float[] w1Back = w1Transposed.of(weights, w1);

        // The query side, from the output down to the query.
        resultBackward(norm, dNorm, n, z2Query, dZ2Query);
        product(n, w, f, dZ2Query, w2Transposed, 0, dWide, false);
        addGradient(n, w, f, hiddenQuery, dZ2Query, dStart, dW2);
        mixInBackward(norm, dNorm, w, hiddenQuery, hidden, f, g2, dZ2Query, gram2, mix2, dMix, dWide, dHidden, dG2);
        KERNELS.multiply(wideSize, dWide, 0, slopeQuery, 0, dWide, 0);
        product(n, f, w, dWide, w1Back, 0, dQuery, true);
        addGradient(n, f, w, query, dWide, dStart, dStartOffset);
        mixInBackward(norm, dNorm, f, query, key, w, g1, dWide, gram1, mix1, dMix, dQuery, dKey, dG1);

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
        addGradient(n, w, f, hidden, dZ2, dStart, dW2);
        KERNELS.multiplyAdd(wideSize, dHidden, 0, slope, 0, dZ1, 0);
        product(n, f, w, dZ1, w1Back, 0, dKey, true);
        addGradient(n, f, w, key, dZ1, dStart, dStartOffset);
    }

    /** The loss after a mini-batch reaches, through W_K, its gradients g, keys, hidden rows, rates and last scale. */
    private void backwardUpdate(Norm norm, NormGradient dNorm, int batch, float[] dWeights, int dOffset) {
        int start = batches.start(batch);
        int end = batches.start(batch + 1);
        int n = end - start;
        int dB1 = dOffset + f * w;
        int dW2 = dB1 + w;
        int dB2 = dW2 + w * f;
        float last = norm.scales()[miniBatch - 1];
        float dLast = 0f;
        fillRows(w, dWeights, dB1, dWide, start, end);
        product(start, n, w, f, key, dWeights, dOffset, dWide);
        fillRows(f, dWeights, dB2, dZ2, start, end);
        product(start, n, f, w, hidden, dWeights, dW2, dZ2);
        for (int j = start; j < end; j++) {
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
        product(start, n, f, w, step1, d1Transposed, 0, dKey);
        product(start, n, w, f, step2, d2Transposed, 0, dHidden);
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
