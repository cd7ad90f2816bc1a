package io.github.ttt4rec.ttt;

import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.Slice;
import java.util.Arrays;

/**
 * {@code F(u) = gelu(u·W1 + b1)·W2 + b2}. The block of a head is W1 {@code (f, w)}, b1 {@code (w)}, W2 {@code (w, f)},
 * b2 {@code (f)} with w = 4f. The suffixes 1 and 2 stand for the first and second layer. The input of layer 1 is the
 * key (or query); that of layer 2 is {@code hidden} (or {@code hiddenQuery}).
 */
final class MlpInnerModel extends InnerModel {
    private final int w;
    private final Rows z1;
    /** The inputs of the second layer. */
    private final Pair hiddens;

    private final Rows hidden;
    private final Rows slope;
    private final Rows z2;
    /** The gradients ∂ℓ_j/∂z of both layers. */
    private final Rows g1;

    private final Rows g2;
    /** The product g2·W2ᵀ. */
    private final Rows back;

    private final Rows hiddenQuery;
    private final Rows slopeQuery;
    private final Rows z2Query;
    private final Mixing mixing1;
    private final Mixing mixing2;

    private final float[] step1;
    private final float[] step2;
    private final float[] dG1;
    private final float[] dG2;
    /**
     * The gradients of z1 and z2, {@code (rows, w)} and {@code (rows, f)}, of the query side followed by those of the
     * key side.
     */
    private final float[] dZ1;

    private final float[] dZ2;
    private final float[] dHidden;
    private final PairGradient dInputs;
    private final PairGradient dHiddens;
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
    private int w2;

    MlpInnerModel(int f, int miniBatch) {
        super(f, miniBatch);
        w = 4 * f;
        hiddens = keptPair(w);
        hiddenQuery = hiddens.query();
        hidden = hiddens.key();
        z1 = kept(w);
        slope = kept(w);
        z2 = kept(f);
        g1 = kept(w);
        g2 = kept(f);
        back = kept(w);
        slopeQuery = kept(w);
        z2Query = kept(f);
        mixing1 = keptMixing();
        mixing2 = keptMixing();
        step1 = rows(w);
        step2 = rows(f);
        dG1 = rows(w);
        dG2 = rows(f);
        dZ1 = rows(2 * w);
        dZ2 = rows(2 * f);
        dHidden = rows(w);
        dInputs = new PairGradient(dQuery, dKey);
        dHiddens = new PairGradient(dZ1, dHidden);
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
        w2 = w1 + f * w + w;
        boolean prepared = initial1.isOf(block, w1);
        w1Transposed = prepared ? initial1 : own1;
        w2Transposed = (prepared ? initial2 : own2).of(block, w2);
    }

    @Override
    void forward(Norm norm, int from, int to) {
        int n = to - from;
        int wide = n * w;
        float[] m = memory;
        affine(from, to, key, weights, w1, z1);
        KERNELS.gelu(wide, m, z1.at(from), m, hidden.at(from), m, slope.at(from));
        affine(from, to, hidden, weights, w2, z2);
        lossGradient(norm, from, to, z2, g2);
        KERNELS.gemm(n, w, f, view(g2, from), Matrix.of(w2Transposed, 0, w), view(back, from), false);
        KERNELS.multiply(wide, m, back.at(from), m, slope.at(from), m, g1.at(from));

        affine(from, to, query, weights, w1, hiddenQuery);
        mixIn(norm, from, inputs, g1, hiddenQuery, mixing1);
        KERNELS.gelu(wide, m, hiddenQuery.at(from), m, hiddenQuery.at(from), m, slopeQuery.at(from));
        affine(from, to, hiddenQuery, weights, w2, z2Query);
        mixIn(norm, from, hiddens, g2, z2Query, mixing2);
        result(norm, from, to, z2Query);
    }

    @Override
    void update(Norm norm, int b, float[] block, int offset) {
        int start = batches.start(b);
        steps(-norm.scales()[miniBatch - 1], start, miniBatch);
        addAffine(key, start, miniBatch, w, step1, block, offset);
        addAffine(hidden, start, miniBatch, f, step2, block, offset + f * w + w);
    }

    /** Computes the steps {@code factor·lr_j·g_j} of both layers for rows from {@code start}. */
    private void steps(float factor, int start, int n) {
        for (int j = 0; j < n; j++) {
            float c = factor * memory[rate.at(start + j)];
            KERNELS.scale(w, c, memory, g1.at(start + j), step1, j * w);
            KERNELS.scale(f, c, memory, g2.at(start + j), step2, j * f);
        }
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
            if (batches.gradientOffset(b) != MiniBatches.NOTHING) {
                backwardUpdate(norm, dNorm, b, dWeights, batches.gradientOffset(b));
                KERNELS.axpy(weightCount(), 1f, dWeights, batches.gradientOffset(b), dStart, dStartOffset);
            }
        }
        float[] m = memory;
        int dW2 = dStartOffset + f * w + w;
        float[] w1Back = w1Transposed.of(weights, w1);

        // The query side, from the output back to the query.
        resultBackward(norm, dNorm, n, z2Query, dZ2);
        KERNELS.gemm(n, w, f, Matrix.of(dZ2, 0, f), Matrix.of(w2Transposed, 0, w), Matrix.of(dZ1, 0, w), false);
        mixInBackward(norm, dNorm, hiddens, g2, mixing2, dZ2, dHiddens, dG2);
        KERNELS.multiply(wideSize, dZ1, 0, m, slopeQuery.at(0), dZ1, 0);
        KERNELS.gemm(n, f, w, Matrix.of(dZ1, 0, w), Matrix.of(w1Back, 0, f), Matrix.of(dQuery, 0, f), true);
        mixInBackward(norm, dNorm, inputs, g1, mixing1, dZ1, dInputs, dG1);

        // Differentiates the inner backward pass, g1 = (g2·W2ᵀ)·gelu′(z1).
        KERNELS.geluSlopeBackward(
                wideSize, slice(z1, 0), slice(slope, 0), slice(back, 0), Slice.of(dG1), new Slice(dZ1, wideSize));
        KERNELS.gemm(n, f, w, Matrix.of(dG1, 0, w), Matrix.of(weights, w2, f), Matrix.of(dG2, 0, f), true);
        outerProduct(n, Matrix.of(dG1, 0, w), view(g2, 0), new Slice(dStart, dW2));
        lossGradientBackward(norm, dNorm, n, z2, dG2, dZ2, size);

        // The key side, back to the key.
        KERNELS.gemm(n, w, f, Matrix.of(dZ2, size, f), Matrix.of(w2Transposed, 0, w), Matrix.of(dHidden, 0, w), true);
        KERNELS.multiplyAdd(wideSize, dHidden, 0, m, slope.at(0), dZ1, wideSize);
        KERNELS.gemm(n, f, w, Matrix.of(dZ1, wideSize, w), Matrix.of(w1Back, 0, f), Matrix.of(dKey, 0, f), true);

        addAffine(hiddens, n, f, dZ2, dStart, dW2);
        addAffine(inputs, n, w, dZ1, dStart, dStartOffset);
    }

    /**
     * Propagates the gradient of the loss with respect to the weights W_K after a mini-batch to the mini-batch's
     * gradients g, keys, hidden rows, rates and last scale.
     */
    private void backwardUpdate(Norm norm, NormGradient dNorm, int batch, float[] dWeights, int dOffset) {
        int start = batches.start(batch);
        int end = batches.start(batch + 1);
        int n = end - start;
        int dB1 = dOffset + f * w;
        int dW2 = dB1 + w;
        int dB2 = dW2 + w * f;
        fillRows(w, dWeights, dB1, dZ1, 0, n);
        KERNELS.gemm(n, w, f, view(key, start), Matrix.of(dWeights, dOffset, w), Matrix.of(dZ1, 0, w), true);
        fillRows(f, dWeights, dB2, dZ2, 0, n);
        KERNELS.gemm(n, f, w, view(hidden, start), Matrix.of(dWeights, dW2, f), Matrix.of(dZ2, 0, f), true);
        stepGradients(norm, dNorm, start, n);
        steps(-norm.scales()[miniBatch - 1], start, n);
        transpose(f, w, dWeights, dOffset, d1Transposed);
        transpose(w, f, dWeights, dW2, d2Transposed);
        KERNELS.gemm(
                n, f, w, Matrix.of(step1, 0, w), Matrix.of(d1Transposed, 0, f), Matrix.of(dKey, start * f, f), true);
        KERNELS.gemm(
                n, w, f, Matrix.of(step2, 0, f), Matrix.of(d2Transposed, 0, w), Matrix.of(dHidden, start * w, w), true);
    }

    /**
     * Sets dG1 and dG2 from the gradients of a mini-batch's steps in dZ1 and dZ2, and adds to dRate and the last
     * scale's gradient.
     */
    private void stepGradients(Norm norm, NormGradient dNorm, int start, int n) {
        float last = norm.scales()[miniBatch - 1];
        float dLast = 0f;
        for (int j = 0; j < n; j++) {
            int row = start + j;
            float lr = memory[rate.at(row)];
            float d = -KERNELS.dot(w, dZ1, j * w, memory, g1.at(row)) - KERNELS.dot(f, dZ2, j * f, memory, g2.at(row));
            dLast += d * lr;
            dRate[row] += d * last;
            float c = -last * lr;
            KERNELS.scale(w, c, dZ1, j * w, dG1, row * w);
            KERNELS.scale(f, c, dZ2, j * f, dG2, row * f);
        }
        dNorm.scales()[miniBatch - 1] += dLast;
    }

    @Override
    double loss(Norm norm, int i) {
        return normalizedLoss(norm, z2, i);
    }

    @Override
    double squaredGradient(int i) {
        return squaredGradient(key, g1, i) + squaredGradient(hidden, g2, i);
    }

    /** The number of floats that {@link #savePending} copies for heads of size f. */
    static int pendingCount(int f) {
        int w = 4 * f;
        return 2 * f + 2 * w + 1;
    }

    @Override
    void savePending(int i, float[] to, int offset) {
        System.arraycopy(memory, key.at(i), to, offset, f);
        System.arraycopy(memory, hidden.at(i), to, offset + f, w);
        System.arraycopy(memory, g1.at(i), to, offset + f + w, w);
        System.arraycopy(memory, g2.at(i), to, offset + f + 2 * w, f);
        to[offset + 2 * f + 2 * w] = memory[rate.at(i)];
    }

    @Override
    void loadPending(int i, float[] from, int offset) {
        System.arraycopy(from, offset, memory, key.at(i), f);
        System.arraycopy(from, offset + f, memory, hidden.at(i), w);
        System.arraycopy(from, offset + f + w, memory, g1.at(i), w);
        System.arraycopy(from, offset + f + 2 * w, memory, g2.at(i), f);
        memory[rate.at(i)] = from[offset + 2 * f + 2 * w];
    }
}
