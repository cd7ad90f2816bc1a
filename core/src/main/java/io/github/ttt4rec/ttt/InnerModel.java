package io.github.ttt4rec.ttt;

import io.github.ttt4rec.kernels.Affine;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.RowNorm;
import io.github.ttt4rec.kernels.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one head over one or more inner mini-batches that start from the same W, and the scratch memory for
 * it. Not thread-safe. A head's fast weights are a block of {@link #weightCount} floats in a larger array of the
 * caller; the inner model stores none itself. Several mini-batches are processed together if they are the first ones of
 * different sequences, so that W_0 is multiplied by one tall matrix.
 *
 * <p>Forward: divide the rows into mini-batches ({@link #batches}), choose their memory ({@link #place}), fill the
 * inputs ({@link #query}, {@link #key}, {@link #target}, {@link #rate}), select a block of weights ({@link #use}), call
 * {@link #forward}, and, if a mini-batch is full, {@link #update} a block. Backward: restore the same mini-batches and
 * memory, fill {@link #dOutput} and call {@link #backward}.
 */
abstract sealed class InnerModel permits LinearInnerModel, MlpInnerModel {
    static final Kernels KERNELS = Kernels.active();
    /**
     * The number of rows processed at once (K if that is larger): enough for efficient matrix products, but so few that
     * all scratch memory stays in L2.
     */
    private static final int ROWS = 64;

    final int f;
    final int miniBatch;

    /** The maximum number of rows processed at once. */
    final int capacity;

    final MiniBatches batches;

    private final List<Rows> kept = new ArrayList<>();
    private int keptCount;

    /** The array that contains the {@link Rows}: the one given to {@link #place}, otherwise the inner model's own. */
    float[] memory = {};

    private float[] own = {};

    /** The inputs of the first layer: rotated queries q and keys x, {@code (rows, f)} each. */
    final Pair inputs;

    final Rows query;
    final Rows key;
    /** Targets value − key, {@code (rows, f)}. */
    final Rows target;
    /** The inner learning rate lr_j of each row. */
    final Rows rate;
    /** The result of each row, {@code (rows, f)}. */
    final float[] output;

    final float[] dOutput;
    final float[] dQuery;
    final float[] dKey;
    final float[] dTarget;
    final float[] dRate;
    /** The gradients of a mixing matrix, later those of its products of rows. */
    private final float[] dMix;

    private final float[] normedRow;

    InnerModel(int f, int miniBatch) {
        this.f = f;
        this.miniBatch = miniBatch;
        capacity = Math.max(ROWS, miniBatch);
        batches = new MiniBatches(capacity);
        inputs = keptPair(f);
        query = inputs.query();
        key = inputs.key();
        target = kept(f);
        rate = kept(1);
        output = rows(f);
        dOutput = rows(f);
        dQuery = rows(f);
        dKey = rows(f);
        dTarget = rows(f);
        dRate = new float[capacity];
        dMix = rows(miniBatch);
        normedRow = new float[f];
    }

    final float[] rows(int width) {
        return new float[capacity * width];
    }

    /** Declares rows that are filled before or by {@link #forward} and read by {@link #backward}. */
    final Rows kept(int width) {
        Rows rows = new Rows(width);
        kept.add(rows);
        keptCount += width;
        return rows;
    }

    /** A quantity of the query side and of the key side. In memory the key rows follow the query rows. */
    record Pair(Rows query, Rows key) {}

    /** The gradients with respect to a {@link Pair}, {@code (rows, width)} each. */
    record PairGradient(float[] query, float[] key) {}

    /**
     * The matrices of a layer's dual form: the products of its input rows, and the mixing matrix computed from them,
     * with K columns each.
     */
    record Mixing(Rows gram, Rows mix) {}

    /** Declares {@link #kept} rows for a {@link Mixing}. */
    final Mixing keptMixing() {
        return new Mixing(kept(miniBatch), kept(miniBatch));
    }

    /** Declares {@link #kept} rows for both sides. */
    final Pair keptPair(int width) {
        return new Pair(kept(width), kept(width));
    }

    /** The number of floats that {@link #place} needs per row. */
    final int keptCount() {
        return keptCount;
    }

    /**
     * Places {@code rows} rows of each kept quantity in memory that outlives this pass, where {@link #backward} finds
     * them again. The quantities follow one another in the order of declaration; they are adjacent only if {@code rows}
     * is the exact number of rows, which {@link #addAffine(Pair, int, int, float[], float[], int)} relies on.
     */
    final void place(float[] memory, int offset, int rows) {
        this.memory = memory;
        int o = offset;
        for (Rows part : kept) {
            part.offset = o;
            o += rows * part.width;
        }
    }

    /** Places the kept rows in the inner model's own memory, which the next pass overwrites. */
    final void placeOwn() {
        if (own.length == 0) {
            own = rows(keptCount);
        }
        place(own, 0, capacity);
    }

    /**
     * The inputs of the inner model in addition to W: the position scales s, and this head's LayerNorm, which is null
     * if LN is the identity.
     */
    record Norm(float[] scales, @Nullable RowNorm rows) {}

    /** The gradients of the arrays in {@link Norm}. */
    record NormGradient(float[] scales, @Nullable Affine affine) {}

    /** The number of a head's fast weights. */
    abstract int weightCount();

    /** Announces the block W_0 of a head, which many sequences will {@link #use}, so that it is prepared only once. */
    abstract void prepare(float[] weights, int offset);

    /** Selects the block at {@code offset} as the W of the following calls. */
    abstract void use(float[] weights, int offset);

    /** Computes rows {@code from .. to − 1}. The earlier rows of their mini-batch must have been computed or loaded. */
    abstract void forward(Norm norm, int from, int to);

    /**
     * Updates a block that contains W to {@code W_K = W − s_{K−1}·Σ_j lr_j·∇ℓ_j(W)} over the K rows of mini-batch b, in
     * place.
     */
    abstract void update(Norm norm, int b, float[] weights, int offset);

    /**
     * Backward of all rows: sets dQuery, dKey, dTarget, dRate, and adds the gradient with respect to W to
     * {@code dStart}.
     *
     * @param dWeights the gradients with respect to the weights AFTER each full mini-batch that another one follows, at
     *     the offset given by {@link MiniBatches#gradientOffset}
     */
    abstract void backward(Norm norm, NormGradient dNorm, float[] dWeights, float[] dStart, int dStartOffset);

    /** The inner loss ℓ_i(W) = ½‖LN(F(key_i; W)) − target_i‖² of a row that {@link #forward} has computed. */
    abstract double loss(Norm norm, int i);

    /** The squared Euclidean norm of ∇ℓ_i(W) for a row that {@link #forward} has computed. */
    abstract double squaredGradient(int i);

    /** The loss ½‖LN(z_i) − target_i‖² of row i of z {@code (rows, f)}. */
    final double normalizedLoss(Norm norm, Rows z, int i) {
        int o = z.at(i);
        float[] normed = normedRow;
        RowNorm rows = norm.rows();
        if (rows != null) {
            KERNELS.layerNorm(1, rows, view(z, i), Matrix.of(normed, 0, f));
        } else {
            System.arraycopy(memory, o, normed, 0, f);
        }
        KERNELS.axpy(f, -1f, memory, target.at(i), normed, 0);
        return KERNELS.dot(f, normed, 0, normed, 0) / 2;
    }

    /**
     * The squared Euclidean norm of the gradient of an affine map, which is the outer product of {@code (input_i, 1)}
     * and g_i.
     */
    final double squaredGradient(Rows input, Rows g, int i) {
        int in = input.at(i);
        int out = g.at(i);
        return KERNELS.dot(g.width, memory, out, memory, out)
                * (1.0 + KERNELS.dot(input.width, memory, in, memory, in));
    }

    /** Copies the data of row i that later rows of its mini-batch need. */
    abstract void savePending(int i, float[] to, int offset);

    /** Restores the data that {@link #savePending} copied. */
    abstract void loadPending(int i, float[] from, int offset);

    /**
     * Computes the gradients g of the inner loss {@code ½‖LN(z) − target‖²} with respect to z for rows
     * {@code from .. to − 1}.
     */
    final void lossGradient(Norm norm, int from, int to, Rows z, Rows g) {
        int n = to - from;
        RowNorm rows = norm.rows();
        if (rows != null) {
            KERNELS.normalizedRegression(n, rows, slice(z, from), slice(target, from), slice(g, from));
        } else {
            System.arraycopy(memory, z.at(from), memory, g.at(from), n * f);
            KERNELS.axpy(n * f, -1f, memory, target.at(from), memory, g.at(from));
        }
    }

    /** Backward of {@link #lossGradient} for rows {@code 0 .. n − 1}: sets dZ and dTarget from dG. */
    final void lossGradientBackward(
            Norm norm, NormGradient dNorm, int n, Rows z, float[] dG, float[] dZ, int dZOffset) {
        RowNorm rows = norm.rows();
        if (rows != null) {
            Affine dAffine = Objects.requireNonNull(dNorm.affine());
            KERNELS.normalizedRegressionBackward(
                    n,
                    rows,
                    slice(z, 0),
                    slice(target, 0),
                    Slice.of(dG),
                    new Slice(dZ, dZOffset),
                    Slice.of(dTarget),
                    dAffine);
        } else {
            System.arraycopy(dG, 0, dZ, dZOffset, n * f);
            KERNELS.scale(n * f, -1f, dG, 0, dTarget, 0);
        }
    }

    /** Computes {@code output = query + LN(z)} for rows {@code from .. to − 1}. */
    final void result(Norm norm, int from, int to, Rows z) {
        int n = to - from;
        int o = from * f;
        RowNorm rows = norm.rows();
        if (rows != null) {
            KERNELS.layerNorm(n, rows, view(z, from), Matrix.of(output, o, f));
        } else {
            System.arraycopy(memory, z.at(from), output, o, n * f);
        }
        KERNELS.axpy(n * f, 1f, memory, query.at(from), output, o);
    }

    /** Backward of {@link #result} for rows {@code 0 .. n − 1}: sets dQuery and dZ from dOutput. */
    final void resultBackward(Norm norm, NormGradient dNorm, int n, Rows z, float[] dZ) {
        System.arraycopy(dOutput, 0, dQuery, 0, n * f);
        RowNorm rows = norm.rows();
        if (rows != null) {
            Affine dAffine = Objects.requireNonNull(dNorm.affine());
            Arrays.fill(dZ, 0, n * f, 0f);
            KERNELS.layerNormBackward(n, rows, view(z, 0), Matrix.of(dOutput, 0, f), Matrix.of(dZ, 0, f), dAffine);
        } else {
            System.arraycopy(dOutput, 0, dZ, 0, n * f);
        }
    }

    /** Computes {@code z = x·W + b} for rows {@code from .. to − 1}; b follows W in the block. */
    final void affine(int from, int to, Rows x, float[] block, int offset, Rows z) {
        fillRows(z.width, block, offset + x.width * z.width, memory, z.at(from), to - from);
        KERNELS.gemm(
                to - from, z.width, x.width, view(x, from), Matrix.of(block, offset, z.width), view(z, from), true);
    }

    /** Copies a bias to adjacent rows. */
    static void fillRows(int width, float[] bias, int biasOffset, float[] rows, int offset, int count) {
        KERNELS.copyRows(count, width, bias, biasOffset, 0, rows, offset, width);
    }

    /**
     * Computes {@code z += mix·g} for the rows from {@code from} on, separately for each mini-batch: the contribution of
     * the row's own token and of earlier tokens in the dual form. Stores the products of rows and the mixing matrix in
     * {@code mixing}.
     *
     * @param inputs the inputs of a layer
     * @param g the gradients of the layer's output, of the same width as z
     */
    final void mixIn(Norm norm, int from, Pair inputs, Rows g, Rows z, Mixing mixing) {
        int[] starts = batches.starts();
        int count = batches.count();
        Slice queries = slice(inputs.query(), 0);
        Slice keys = slice(inputs.key(), 0);
        KERNELS.causalProducts(from, starts, count, inputs.query().width, queries, keys, view(mixing.gram(), 0));
        for (int b = 0; b < count; b++) {
            int start = batches.start(b);
            mix(norm.scales(), mixing, start, Math.max(from, start), batches.start(b + 1));
        }
        KERNELS.causalSums(from, starts, count, g.width, view(mixing.mix(), 0), slice(g, 0), slice(z, 0));
    }

    /**
     * Backward of {@link #mixIn} over all rows: adds the gradients that follow from dZ to dInputs, dG, dRate and the
     * gradients of the scales.
     *
     * @param dInputs the gradients of the inputs on both sides
     */
    final void mixInBackward(
            Norm norm,
            NormGradient dNorm,
            Pair inputs,
            Rows g,
            Mixing mixing,
            float[] dZ,
            PairGradient dInputs,
            float[] dG) {
        int[] starts = batches.starts();
        int count = batches.count();
        int width = inputs.query().width;
        Matrix dPairs = Matrix.of(dMix, 0, miniBatch);
        KERNELS.causalProducts(0, starts, count, g.width, Slice.of(dZ), slice(g, 0), dPairs);
        KERNELS.causalColumnSums(starts, count, g.width, view(mixing.mix(), 0), Slice.of(dZ), Slice.of(dG));
        for (int b = 0; b < count; b++) {
            int start = batches.start(b);
            mixBackward(norm.scales(), mixing.gram(), start, batches.start(b + 1) - start, dNorm.scales());
        }
        KERNELS.causalSums(0, starts, count, width, dPairs, slice(inputs.key(), 0), Slice.of(dInputs.query()));
        KERNELS.causalColumnSums(starts, count, width, dPairs, slice(inputs.query(), 0), Slice.of(dInputs.key()));
    }

    /**
     * The mixing matrix of the dual form: for j ≤ i, {@code mix_ij = −s_i·lr_j·(gram_ij + 1)}, where gram_ij is the inner
     * product of the i-th query-side row with the j-th key-side row; the 1 stands for the bias. Entries with j > i are
     * not written.
     */
    private void mix(float[] scales, Mixing mixing, int start, int from, int to) {
        float[] m = memory;
        int rates = rate.at(start);
        for (int i = from; i < to; i++) {
            int products = mixing.gram().at(i);
            int row = mixing.mix().at(i);
            int diagonal = i - start;
            float scale = scales[diagonal];
            for (int j = 0; j <= diagonal; j++) {
                m[row + j] = -scale * m[rates + j] * (m[products + j] + 1f);
            }
        }
    }

    /** Backward of {@link #mix}: replaces dMix by dGram up to the diagonal, and adds to dRate and dScales. */
    private void mixBackward(float[] scales, Rows gram, int start, int n, float[] dScales) {
        float[] m = memory;
        int rates = rate.at(start);
        for (int i = 0; i < n; i++) {
            int products = gram.at(start + i);
            int row = (start + i) * miniBatch;
            float scale = scales[i];
            float dScale = 0f;
            for (int j = 0; j <= i; j++) {
                float d = -dMix[row + j];
                float affine = m[products + j] + 1f;
                float lr = m[rates + j];
                dScale += d * lr * affine;
                dRate[start + j] += d * scale * affine;
                dMix[row + j] = d * scale * lr;
            }
            dScales[i] += dScale;
        }
    }

    /** A view of row {@code from} and the rows after it. */
    final Matrix view(Rows rows, int from) {
        return Matrix.of(memory, rows.at(from), rows.width);
    }

    /** A view of row {@code from} and the rows after it, as adjacent elements. */
    final Slice slice(Rows rows, int from) {
        return new Slice(memory, rows.at(from));
    }

    /**
     * Computes {@code C += Aᵀ·B} for A {@code (rows, m)} with adjacent rows, B {@code (rows, n)} and C {@code (m, n)}.
     */
    static void outerProduct(int rows, Matrix a, Matrix b, Slice c) {
        KERNELS.gemm(a.row(), b.row(), rows, a.transposed(), b, Matrix.of(c.array(), c.offset(), b.row()), true);
    }

    /**
     * Adds the gradient of a layer that both sides pass through, {@code W += Xᵀ·Z, b += Σ Z}, as one product.
     *
     * @param x the layer's inputs, placed with exactly {@code rows} rows per side
     * @param z the gradient with respect to its outputs, {@code rows} rows of the query side followed by as many of the
     *     key side
     */
    final void addAffine(Pair x, int rows, int out, float[] z, float[] block, int offset) {
        if (x.key().offset != x.query().at(rows)) {
            throw new IllegalStateException(
                    "the rows of the key side do not follow the " + rows + " of the query side");
        }
        addAffine(x.query(), 0, 2 * rows, out, z, block, offset);
    }

    /**
     * Computes {@code W += Xᵀ·Z, b += Σ Z} for rows of x and as many rows of z, to add a gradient or to take a step
     * along one.
     */
    final void addAffine(Rows x, int first, int rows, int out, float[] z, float[] block, int offset) {
        int in = x.width;
        outerProduct(rows, view(x, first), Matrix.of(z, 0, out), new Slice(block, offset));
        KERNELS.addRows(rows, out, z, 0, out, block, offset + in * out);
    }

    /** Transposes a {@code (rows, columns)} matrix. */
    static void transpose(int rows, int columns, float[] from, int offset, float[] to) {
        KERNELS.transpose(rows, columns, from, offset, columns, to, 0, rows);
    }
}
