package io.github.ttt4rec.ttt;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outer-learned parameters of the inner models of one layer, H heads of size f, mini-batches of K.
 *
 * @param type which inner model
 * @param heads H
 * @param headSize f
 * @param miniBatch K
 * @param tokenIndex τ {@code (K)}: learned correction of the scale 1/(i + 1) of mini-batch position i; null if the
 *     scales are fixed
 * @param norm the inner LayerNorm; null without one, where LN is the identity
 * @param initial W_0, the fast weights every sequence starts from: W1, b1 and, for the MLP, W2, b2; head by head
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

    /** A workspace for one thread. */
    InnerModel newInnerModel() {
        return switch (type) {
            case LINEAR -> new LinearInnerModel(headSize, miniBatch);
            case MLP -> new MlpInnerModel(headSize, miniBatch);
        };
    }

    /**
     * s_i = max(0, 1/(i + 1) + τ_i), the scale of mini-batch position i.
     *
     * @param scales out, {@code (K)}
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

    /** Floats that a row of an open mini-batch leaves behind for the rows after it, in one head. */
    int pendingCount() {
        return switch (type) {
            case LINEAR -> LinearInnerModel.pendingCount(headSize);
            case MLP -> MlpInnerModel.pendingCount(headSize);
        };
    }

    /** Copies head h's W_0 to {@code to}: its parts one after the other. */
    void copyInitial(int head, float[] to, int offset) {
        int o = offset;
        for (Parameter part : initial) {
            int size = part.size() / heads;
            System.arraycopy(part.value(), head * size, to, o, size);
            o += size;
        }
    }
}
