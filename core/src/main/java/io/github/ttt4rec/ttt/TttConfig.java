package io.github.ttt4rec.ttt;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;
import io.github.ttt4rec.recommend.NetworkConfig;
import java.util.Locale;

/**
 * The settings of a TTT4Rec network. Names are those of the published code. Defaults ({@link #defaults()}) are the
 * paper's main model: Transformer backbone, MLP inner model, one block.
 *
 * @param layer the inner model
 * @param backbone Transformer, or Mamba: Q and K from one projection through two convolutions, and a GELU gate
 * @param preConv a causal convolution before each TTT layer (the Mamba backbone is used with it)
 * @param numLayers the number of residual blocks
 * @param hiddenSize d
 * @param numHeads H; d/H must be even
 * @param intermediateSize inner width of SwiGLU
 * @param miniBatchSize K, the inner mini-batch
 * @param baseLr the factor of the inner learning rate; 0 freezes the fast weights
 * @param ropeTheta the base of the rotary embedding
 * @param convKernel the width of the causal convolutions
 * @param dropout the dropout rate on the embedding
 * @param tieOutput whether scores use the item embedding; if false, a separate output table is learned (the paper's M)
 * @param innerNorm whether there is a LayerNorm between the inner model and its loss and output; false is an ablation
 *     with inner loss {@code ½‖F(K) − (V − K)‖²} and output {@code Q + F(Q)}, without gain and bias
 * @param learnedInnerRate whether the inner learning rate is learned; false is an ablation with a fixed inner step: the
 *     rate of every token is {@code base_lr·½/f}, the initial value of the learned rate, and the scale of position i of
 *     a mini-batch is 1/(i + 1) (τ = 0)
 * @param typeFeature whether a learned vector of an event's kind ({@link io.github.ttt4rec.data.EventRoles}) is added to
 *     its item's
 */
@Withers
public record TttConfig(
        InnerModelType layer,
        Backbone backbone,
        boolean preConv,
        int numLayers,
        int hiddenSize,
        int numHeads,
        int intermediateSize,
        int miniBatchSize,
        double baseLr,
        double ropeTheta,
        int convKernel,
        double dropout,
        boolean tieOutput,
        boolean innerNorm,
        boolean learnedInnerRate,
        boolean typeFeature)
        implements NetworkConfig, TttConfigBuilder.With {

    /** The form of the residual blocks. */
    public enum Backbone {
        TRANSFORMER,
        MAMBA
    }

    static final float RMS_NORM_EPSILON = 1e-6f;
    static final float EMBEDDING_NORM_EPSILON = 1e-12f;
    static final float POST_NORM_EPSILON = 1e-6f;

    /** Checks the ranges, and that the heads divide the hidden size evenly. */
    public TttConfig {
        Ranges.require(numLayers >= 1, "num_layers must be at least 1");
        Ranges.require(numHeads >= 1, "num_heads must be at least 1");
        Ranges.require(
                hiddenSize >= 2 && hiddenSize % numHeads == 0 && hiddenSize / numHeads % 2 == 0,
                "hidden_size / num_heads must be an even whole number");
        Ranges.require(intermediateSize >= 1, "intermediate_size must be at least 1");
        Ranges.require(miniBatchSize >= 1, "mini_batch_size must be at least 1");
        Ranges.require(baseLr >= 0 && Double.isFinite(baseLr), "base_lr must be 0 or more");
        Ranges.require(ropeTheta > 0, "rope_theta must be above 0");
        Ranges.require(convKernel >= 1, "conv_kernel must be at least 1");
        Ranges.require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1)");
    }

    /** Settings with the published layer, without ablations. */
    public TttConfig(
            InnerModelType layer,
            Backbone backbone,
            boolean preConv,
            int numLayers,
            int hiddenSize,
            int numHeads,
            int intermediateSize,
            int miniBatchSize,
            double baseLr,
            double ropeTheta,
            int convKernel,
            double dropout,
            boolean tieOutput) {
        this(
                layer,
                backbone,
                preConv,
                numLayers,
                hiddenSize,
                numHeads,
                intermediateSize,
                miniBatchSize,
                baseLr,
                ropeTheta,
                convKernel,
                dropout,
                tieOutput,
                true,
                true,
                false);
    }

    /** The paper's default model for Amazon Video Games. */
    public static TttConfig defaults() {
        return new TttConfig(
                InnerModelType.MLP, Backbone.TRANSFORMER, false, 1, 64, 4, 256, 8, 1.0, 1000, 4, 0.2, true);
    }

    @Override
    public String type() {
        return "ttt4rec";
    }

    @Override
    public TttModel create(int itemCount) {
        return new TttModel(this, itemCount);
    }

    @Override
    public String describe() {
        return type() + ": " + backbone.name().toLowerCase(Locale.ROOT) + " backbone"
                + (preConv ? " with convolution" : "") + ", " + layer.name().toLowerCase(Locale.ROOT) + " inner model, "
                + numLayers + (numLayers == 1 ? " block" : " blocks") + ", hidden size " + hiddenSize + ", " + numHeads
                + " heads" + (innerNorm ? "" : ", no inner LayerNorm")
                + (learnedInnerRate ? "" : ", fixed inner learning rate") + (typeFeature ? ", types of events" : "");
    }

    /** The head size f = d/H. */
    public int headSize() {
        return hiddenSize / numHeads;
    }
}
