package io.github.ttt4rec.ttt;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters, learned in the outer loop, of the inner models of one layer with H heads of size f and mini-batches
 * of K.
 *
 * @param type the type of the inner model
 * @param heads H
 * @param headSize f
 * @param miniBatch K
 * @param tokenIndex τ {@code (K)}: the learned correction of the scale 1/(i + 1) of mini-batch position i; null if the
 *     scales are fixed
 * @param norm the inner LayerNorm; null if there is none and LN is the identity
 * @param initial W_0, the fast weights with which every sequence starts: W1, b1 and, for the MLP, W2, b2, each with the
 *     heads in turn
 */
public record TttParameters(
        InnerModelType type,
        int heads,
        int headSize,
        int miniBatch,
        @Nullable Parameter tokenIndex,
        @Nullable Norm norm,
        List<Parameter> initial) {

    /**
     * The inner LayerNorm of all heads.
     *
     * @param gain {@code (H, f)}
     * @param bias {@code (H, f)}
     */
    public record Norm(Parameter gain, Parameter bias) {}

    /** Epsilon of the inner LayerNorm. */
    static final float NORM_EPSILON = 1e-6f;

    /**
     * Declares the parameters with the published names below {@code prefix}.
     *
     * @param learnedScales whether τ is learned, as published
     * @param hasNorm whether there is an inner LayerNorm, as published
     */
    public static TttParameters declare(
            ParameterSet set,
            String prefix,
            InnerModelType type,
            int heads,
            int headSize,
            int miniBatch,
            boolean learnedScales,
            boolean hasNorm) {
        Parameter tokenIndex = learnedScales ? set.declare(prefix + "learnable_token_idx", Init.ZERO, miniBatch) : null;
        Norm norm = hasNorm
                ? new Norm(
                        set.declare(prefix + "ttt_norm_weight", Init.ONE, heads, headSize),
                        set.declare(prefix + "ttt_norm_bias", Init.ZERO, heads, headSize))
                : null;
        int f = headSize;
        List<Parameter> initial = switch (type) {
            case LINEAR ->
                List.of(
                        set.declare(prefix + "W1", Init.NORMAL, heads, f, f),
                        set.declare(prefix + "b1", Init.ZERO, heads, 1, f));
            case MLP ->
                List.of(
                        set.declare(prefix + "W1", Init.NORMAL, heads, f, 4 * f),
                        set.declare(prefix + "b1", Init.ZERO, heads, 1, 4 * f),
                        set.declare(prefix + "W2", Init.NORMAL, heads, 4 * f, f),
                        set.declare(prefix + "b2", Init.ZERO, heads, 1, f));
        };
        return new TttParameters(type, heads, f, miniBatch, tokenIndex, norm, initial);
    }

    /** A new workspace for one thread. */
    InnerModel newInnerModel() {
        return switch (type) {
            case LINEAR -> new LinearInnerModel(headSize, miniBatch);
            case MLP -> new MlpInnerModel(headSize, miniBatch);
        };
    }

    /**
     * Computes the scale s_i = max(0, 1/(i + 1) + τ_i) of each mini-batch position i.
     *
     * @param scales receives the scales, {@code (K)}
     */
    void positionScales(float[] scales) {
        for (int i = 0; i < miniBatch; i++) {
            scales[i] = Math.max(
                    0f, 1f / (i + 1) + (tokenIndex == null ? 0f : tokenIndex.value()[i]));
        }
    }

    /** The number of a head's fast weights. */
    int weightCount() {
        int count = 0;
        for (int i = 0; i < initial.size(); i++) {
            count += initial.get(i).size();
        }
        return count / heads;
    }

    /** The number of floats per head that a row of an open mini-batch stores for later rows. */
    int pendingCount() {
        return switch (type) {
            case LINEAR -> LinearInnerModel.pendingCount(headSize);
            case MLP -> MlpInnerModel.pendingCount(headSize);
        };
    }

    /** Copies W_0 of head h, all its parts in turn, to {@code to}. */
    void copyInitial(int head, float[] to, int offset) {
        int o = offset;
        for (Parameter part : initial) {
            int size = part.size() / heads;
            System.arraycopy(part.value(), head * size, to, o, size);
            o += size;
        }
    }
}
