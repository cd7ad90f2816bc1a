package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import java.util.Arrays;

/**
 * The causal attention of HSTU (Zhai et al. 2024, arXiv 2402.17152, equation 2) within each packed sequence:
 * {@code y_t = 1/n Σ_(j ≤ t) silu(q_t·k_j + b_(t − j))·v_j}. There is no softmax: the weights of a position do not sum
 * to 1, so that the output shows how much of the history matches a query. n is the number of distances, independent of
 * the sequence's length.
 */
public final class PointwiseAttention {
    private static final Kernels KERNELS = Kernels.active();

    private PointwiseAttention() {}

    /**
     * Attends within every sequence.
     *
     * @param query {@code (N, d)}, H heads of size f = d/H side by side
     * @param key {@code (N, d)}
     * @param value {@code (N, d)}
     * @param distances the biases b {@code (n)}, shared by all heads; no sequence may be longer than n
     * @return {@code (N, d)}
     * @throws IllegalArgumentException if a sequence is longer than n
     */
    public static Tensor apply(
            Tape tape, Tensor query, Tensor key, Tensor value, Parameter distances, Segments segments, int heads) {
        Application application = new Application(tape, query, key, value, distances, segments, heads);
        application.forward();
        if (tape.isRecording()) {
            float[] dDistances = tape.gradient(distances);
            tape.onBackward(() -> application.backward(dDistances));
        }
        return application.output;
    }

    /** One application, with what its backward needs. */
    private static final class Application {
        private final Tape tape;
        private final Tensor query;
        private final Tensor key;
        private final Tensor value;
        private final Tensor output;
        private final float[] distances;
        private final Segments segments;
        private final int heads;
        private final int d;
        private final int f;
        private final float scale;
        private final int longest;
        /**
         * The scores q·k + b, {@code (L, L)} for each sequence and head. Without recording, only those of the last one.
         */
        private final float[] scores;
        /** The weights {@code silu(scores)/n}; 0 for later positions. */
        private final float[] weights;

        Application(
                Tape tape, Tensor query, Tensor key, Tensor value, Parameter distances, Segments segments, int heads) {
            this.tape = tape;
            this.query = query;
            this.key = key;
            this.value = value;
            this.distances = distances.value();
            this.segments = segments;
            this.heads = heads;
            d = query.columns();
            f = d / heads;
            scale = 1f / distances.size();
            int all = 0;
            int most = 0;
            for (int s = 0; s < segments.count(); s++) {
                int length = segments.length(s);
                most = Math.max(most, length);
                all += length * length * heads;
            }
            if (most > distances.size()) {
                throw new IllegalArgumentException("position " + distances.size()
                        + " of a sequence, but the model knows " + distances.size() + " positions");
            }
            longest = most;
            int kept = tape.isRecording() ? all : most * most;
            scores = tape.lend(kept);
            weights = tape.lend(kept);
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
                    Matrix queries = Matrix.of(query.data(), block, d);
                    Matrix products = Matrix.of(scores, square, n);
                    KERNELS.gemm(n, n, f, queries, Matrix.of(transposed, 0, n), products, false);
                    for (int t = 0; t < n; t++) {
                        weigh(n, square + t * n, t);
                    }
                    Matrix values = Matrix.of(value.data(), block, d);
                    Matrix result = Matrix.of(output.data(), block, d);
                    KERNELS.gemm(n, f, n, Matrix.of(weights, square, n), values, result, false);
                    square += tape.isRecording() ? n * n : 0;
                }
            }
        }

        /** Computes the weights of position t from its scores without the bias. */
        private void weigh(int n, int row, int t) {
            for (int j = 0; j <= t; j++) {
                float score = scores[row + j] + distances[t - j];
                scores[row + j] = score;
                weights[row + j] = (float) (scale * score / (1 + Math.exp(-score)));
            }
            Arrays.fill(weights, row + t + 1, row + n, 0f);
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

        void backward(float[] dDistances) {
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
                    Matrix dProducts = Matrix.of(dScores, 0, n);
                    KERNELS.gemm(n, n, f, dOutput, Matrix.of(transposed, 0, n), dProducts, false);
                    for (int t = 0; t < n; t++) {
                        weighBackward(n, square + t * n, t, dScores, dDistances);
                    }
                    Matrix keys = Matrix.of(key.data(), block, d);
                    KERNELS.gemm(n, f, n, dProducts, keys, Matrix.of(query.grad(), block, d), true);
                    Matrix queries = Matrix.of(query.data(), block, d);
                    KERNELS.gemm(n, f, n, dProducts.transposed(), queries, Matrix.of(key.grad(), block, d), true);
                    square += n * n;
                }
            }
        }

        /**
         * Replaces the gradient of position t's weights by that of its scores, in place, and adds to the gradient of
         * the distances.
         */
        private void weighBackward(int n, int row, int t, float[] dScores, float[] dDistances) {
            for (int j = 0; j <= t; j++) {
                double sigmoid = 1 / (1 + Math.exp(-scores[row + j]));
                double slope = sigmoid * (1 + scores[row + j] * (1 - sigmoid));
                float gradient = (float) (scale * slope * dScores[t * n + j]);
                dScores[t * n + j] = gradient;
                dDistances[t - j] += gradient;
            }
            Arrays.fill(dScores, t * n + t + 1, (t + 1) * n, 0f);
        }
    }
}
