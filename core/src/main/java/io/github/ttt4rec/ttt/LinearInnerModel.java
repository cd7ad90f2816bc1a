package io.github.ttt4rec.ttt;

import io.github.ttt4rec.kernels.Matrix;
import java.util.Arrays;

/** {@code F(u) = u·W + b}. The block of a head is W {@code (f, f)}, b {@code (f)}. */
final class LinearInnerModel extends InnerModel {
    private final Rows z;
    /** ∂ℓ_j/∂F of each row. */
    private final Rows g;

    private final Rows zQuery;
    private final Mixing mixing;

    private final float[] step;
    private final float[] dG;
    private final PairGradient dInputs;
    /** The gradients of z, {@code (rows, f)} of the query side followed by those of the key side. */
    private final float[] dZ;

    /** The negated gradient of the loss with respect to the steps of a mini-batch. */
    private final float[] dSteps;

    private final Transposed initial;
    private final Transposed own;
    private Transposed wTransposed;
    private final float[] dTransposed;

    private float[] weights = {};
    private int w;

    LinearInnerModel(int f, int miniBatch) {
        super(f, miniBatch);
        z = kept(f);
        g = kept(f);
        zQuery = kept(f);
        mixing = keptMixing();
        step = rows(f);
        dG = rows(f);
        dInputs = new PairGradient(dQuery, dKey);
        dZ = rows(2 * f);
        dSteps = rows(f);
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
        wTransposed = initial.isOf(block, offset) ? initial : own;
    }

    @Override
    void forward(Norm norm, int from, int to) {
        affine(from, to, key, weights, w, z);
        lossGradient(norm, from, to, z, g);
        affine(from, to, query, weights, w, zQuery);
        mixIn(norm, from, inputs, g, zQuery, mixing);
        result(norm, from, to, zQuery);
    }

    @Override
    void update(Norm norm, int b, float[] block, int offset) {
        int start = batches.start(b);
        steps(-norm.scales()[miniBatch - 1], start, miniBatch);
        addAffine(key, start, miniBatch, f, step, block, offset);
    }

    /** Computes the steps {@code factor·lr_j·g_j} for rows from {@code start}. */
    private void steps(float factor, int start, int n) {
        for (int j = 0; j < n; j++) {
            KERNELS.scale(f, factor * memory[rate.at(start + j)], memory, g.at(start + j), step, j * f);
        }
    }

    @Override
    void backward(Norm norm, NormGradient dNorm, float[] dWeights, float[] dStart, int dStartOffset) {
        int n = batches.rows();
        int size = n * f;
        Arrays.fill(dRate, 0, n, 0f);
        Arrays.fill(dKey, 0, size, 0f);
        Arrays.fill(dG, 0, size, 0f);
        for (int b = 0; b < batches.count(); b++) {
            if (batches.gradientOffset(b) != MiniBatches.NOTHING) {
                backwardUpdate(norm, dNorm, b, dWeights, batches.gradientOffset(b));
                KERNELS.axpy(weightCount(), 1f, dWeights, batches.gradientOffset(b), dStart, dStartOffset);
            }
        }
        float[] transposed = wTransposed.of(weights, w);
        resultBackward(norm, dNorm, n, zQuery, dZ);
        KERNELS.gemm(n, f, f, Matrix.of(dZ, 0, f), Matrix.of(transposed, 0, f), Matrix.of(dQuery, 0, f), true);
        mixInBackward(norm, dNorm, inputs, g, mixing, dZ, dInputs, dG);

        lossGradientBackward(norm, dNorm, n, z, dG, dZ, size);
        KERNELS.gemm(n, f, f, Matrix.of(dZ, size, f), Matrix.of(transposed, 0, f), Matrix.of(dKey, 0, f), true);

        addAffine(inputs, n, f, dZ, dStart, dStartOffset);
    }

    /**
     * Backward of W_K = W − Xᵀ·step: propagates the gradient of the loss with respect to the weights after a mini-batch
     * to the mini-batch's gradients g, keys, rates and last scale.
     */
    private void backwardUpdate(Norm norm, NormGradient dNorm, int batch, float[] dWeights, int dOffset) {
        int start = batches.start(batch);
        int end = batches.start(batch + 1);
        int n = end - start;
        float last = norm.scales()[miniBatch - 1];
        float dLast = 0f;
        fillRows(f, dWeights, dOffset + f * f, dSteps, 0, n);
        KERNELS.gemm(n, f, f, view(key, start), Matrix.of(dWeights, dOffset, f), Matrix.of(dSteps, 0, f), true);
        for (int j = 0; j < n; j++) {
            int row = start + j;
            float lr = memory[rate.at(row)];
            float d = -KERNELS.dot(f, dSteps, j * f, memory, g.at(row));
            dLast += d * lr;
            dRate[row] += d * last;
            KERNELS.scale(f, -last * lr, dSteps, j * f, dG, row * f);
        }
        dNorm.scales()[miniBatch - 1] += dLast;
        steps(-last, start, n);
        transpose(f, f, dWeights, dOffset, dTransposed);
        KERNELS.gemm(n, f, f, Matrix.of(step, 0, f), Matrix.of(dTransposed, 0, f), Matrix.of(dKey, start * f, f), true);
    }

    @Override
    double loss(Norm norm, int i) {
        return normalizedLoss(norm, z, i);
    }

    @Override
    double squaredGradient(int i) {
        return squaredGradient(key, g, i);
    }

    /** The number of floats that {@link #savePending} copies for heads of size f. */
    static int pendingCount(int f) {
        return 2 * f + 1;
    }

    @Override
    void savePending(int i, float[] to, int offset) {
        System.arraycopy(memory, key.at(i), to, offset, f);
        System.arraycopy(memory, g.at(i), to, offset + f, f);
        to[offset + 2 * f] = memory[rate.at(i)];
    }

    @Override
    void loadPending(int i, float[] from, int offset) {
        System.arraycopy(from, offset, memory, key.at(i), f);
        System.arraycopy(from, offset + f, memory, g.at(i), f);
        memory[rate.at(i)] = from[offset + 2 * f];
    }
}
