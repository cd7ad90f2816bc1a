package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;

/**
 * Multi-head scaled dot-product attention (Vaswani et al. 2017, equation 1) within each packed sequence:
 * {@code y_t = Σ_j A_tj·v_j}, {@code A = dropout(softmax(Q·Kᵀ/√f))}, over the positions up to t (causal) or the whole
 * sequence (bidirectional). There is no padding, so nothing else is masked. The forward pass keeps the probabilities,
 * which take less memory than the queries for sequences of up to about 50 positions.
 */
public final class Attention {
    private static final Kernels KERNELS = Kernels.active();

    private Attention() {}

    /** The positions that a position attends to. */
    public enum View {
        /** The position itself and earlier ones. */
        CAUSAL,
        /** The whole sequence. */
        BIDIRECTIONAL
    }

    /**
     * The dropout of the probabilities. The mask of a position depends only on its seed.
     *
     * @param rate the dropout rate, used only if the tape records
     * @param rowSeeds the seed of each row; unused if the rate is 0
     * @param site the number of this dropout in the model, not 0
     */
    public record Drop(float rate, long[] rowSeeds, int site) {}

    /**
     * Attends within every sequence.
     *
     * @param query {@code (N, d)}, H heads of size f = d/H side by side
     * @param key {@code (N, d)}
     * @param value {@code (N, d)}
     * @return {@code (N, d)}
     */
    public static Tensor apply(
            Tape tape, Tensor query, Tensor key, Tensor value, Segments segments, int heads, View view, Drop drop) {
        Heads attention = new Heads(tape, query, key, value, segments, heads, view, drop);
        attention.forward();
        if (tape.isRecording()) {
            tape.onBackward(attention::backward);
        }
        return attention.output;
    }

    /** One application and the data for its backward pass. */
    private static final class Heads {
        private final Tape tape;
        private final Tensor query;
        private final Tensor key;
        private final Tensor value;
        private final Tensor output;
        private final Segments segments;
        private final int heads;
        private final boolean causal;
        private final DropoutMask dropout;
        private final long[] rowSeeds;
        private final int site;
        private final boolean drops;
        private final int d;
        private final int f;
        private final float scale;
        private final int longest;
        /**
         * The result of softmax, {@code (L, L)} for each sequence and head. Without recording, only that of the last
         * one.
         */
        private final float[] probabilities;
        /** The probabilities after dropout; the same array if nothing is dropped. */
        private final float[] weights;

        Heads(Tape tape, Tensor query, Tensor key, Tensor value, Segments segments, int heads, View view, Drop drop) {
            this.tape = tape;
            this.query = query;
            this.key = key;
            this.value = value;
            this.segments = segments;
            this.heads = heads;
            rowSeeds = drop.rowSeeds();
            site = drop.site();
            causal = view == View.CAUSAL;
            drops = tape.isRecording() && drop.rate() > 0f;
            dropout = new DropoutMask(drop.rate());
            d = query.columns();
            f = d / heads;
            scale = (float) (1 / Math.sqrt(f));
            int all = 0;
            int most = 0;
            for (int s = 0; s < segments.count(); s++) {
                int length = segments.length(s);
                most = Math.max(most, length);
                all += length * length * heads;
            }
            longest = most;
            int kept = tape.isRecording() ? all : most * most;
            probabilities = tape.lend(kept);
            weights = drops ? tape.lend(kept) : probabilities;
            output = tape.tensor(query.rows(), d);
        }

        void forward() {
            float[] transposed = tape.lend(longest * f);
            int square = 0;
            for (int s = 0; s < segments.count(); s++) {
                int n = segments.length(s);
                for (int h = 0; h < heads; h++) {
                    int block = segments.start(s) * d + h * f;
                    transpose(n, key.data(), block, transposed);
                    KERNELS.gemm(
                            n,
                            n,
                            f,
                            Matrix.of(query.data(), block, d),
                            Matrix.of(transposed, 0, n),
                            Matrix.of(probabilities, square, n),
                            false);
                    for (int t = 0; t < n; t++) {
                        softmax(n, square + t * n, causal ? t + 1 : n);
                    }
                    if (drops) {
                        drop(segments.start(s), n, h, square);
                    }
                    Matrix values = Matrix.of(value.data(), block, d);
                    Matrix result = Matrix.of(output.data(), block, d);
                    KERNELS.gemm(n, f, n, Matrix.of(weights, square, n), values, result, false);
                    square += tape.isRecording() ? n * n : 0;
                }
            }
        }

        /** The softmax of the scaled first {@code seen} elements of a row of n; the others become 0. */
        private void softmax(int n, int row, int seen) {
            KERNELS.scale(seen, scale, probabilities, row, probabilities, row);
            float max = KERNELS.max(seen, probabilities, row);
            float sum = KERNELS.expAndSum(seen, probabilities, row, max);
            KERNELS.scale(seen, 1 / sum, probabilities, row, probabilities, row);
            Arrays.fill(probabilities, row + seen, row + n, 0f);
        }

        private void drop(int start, int n, int head, int square) {
            for (int t = 0; t < n; t++) {
                long state = DropoutMask.state(rowSeeds[start + t], site);
                // Each head has a separate stream of random bits, so that the mask does not depend on the sequence's
                // length.
                dropout.fill(SplitMix.mix(state + head + 1), weights, square + t * n, n);
            }
            KERNELS.multiply(n * n, probabilities, square, weights, square, weights, square);
        }

        /** One head's rows {@code (n, f)}, transposed to {@code (f, n)}. */
        private void transpose(int n, float[] rows, int offset, float[] to) {
            for (int t = 0; t < n; t++) {
                int from = offset + t * d;
                for (int c = 0; c < f; c++) {
                    to[c * n + t] = rows[from + c];
                }
            }
        }

        void backward() {
            float[] transposed = tape.lend(longest * f);
            float[] dScores = tape.lend(longest * longest);
            int square = 0;
            for (int s = 0; s < segments.count(); s++) {
                int n = segments.length(s);
                for (int h = 0; h < heads; h++) {
                    int block = segments.start(s) * d + h * f;
                    Matrix dOutput = Matrix.of(output.grad(), block, d);
                    Matrix back = Matrix.of(weights, square, n).transposed();
                    KERNELS.gemm(n, f, n, back, dOutput, Matrix.of(value.grad(), block, d), true);
                    transpose(n, value.data(), block, transposed);
                    Matrix dWeights = Matrix.of(dScores, 0, n);
                    KERNELS.gemm(n, n, f, dOutput, Matrix.of(transposed, 0, n), dWeights, false);
                    for (int t = 0; t < n; t++) {
                        softmaxBackward(n, square + t * n, dScores, t * n);
                    }
                    Matrix keys = Matrix.of(key.data(), block, d);
                    KERNELS.gemm(n, f, n, dWeights, keys, Matrix.of(query.grad(), block, d), true);
                    Matrix queries = Matrix.of(query.data(), block, d);
                    KERNELS.gemm(n, f, n, dWeights.transposed(), queries, Matrix.of(key.grad(), block, d), true);
                    square += n * n;
                }
            }
        }

        /**
         * Replaces dA by the gradient of the unscaled scores, in place: with A = P∘mask, {@code (A∘dA − P·Σ A∘dA)/√f}.
         */
        private void softmaxBackward(int n, int row, float[] dScores, int at) {
            float sum = KERNELS.dot(n, dScores, at, weights, row);
            KERNELS.multiply(n, dScores, at, weights, row, dScores, at);
            KERNELS.axpy(n, -sum, probabilities, row, dScores, at);
            KERNELS.scale(n, scale, dScores, at, dScores, at);
        }
    }
}
