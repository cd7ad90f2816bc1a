package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Activations;
import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;

/**
 * BERT4Rec (Sun et al. 2019, arXiv 1904.06690) as in RecBole, with its parameter names: a bidirectional Transformer encoder
 * that restores masked items. Token V + 1 is the mask: it has a row in the embedding, but no score, no output bias, and is
 * no item.
 */
public final class Bert4Rec extends WindowBaseline<Bert4RecConfig> {
    private final int itemCount;
    private final TransformerEncoder encoder;
    private final Parameter outputBias;
    private final TransformerEncoder.Dense outputMap;
    private final TransformerEncoder.Norm outputNorm;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Bert4Rec(Bert4RecConfig config, int itemCount) {
        super(config, config.maxLen());
        this.itemCount = itemCount;
        outputBias = parameters.declare("output_bias", Init.ZERO, itemCount + 1);
        encoder = new TransformerEncoder(
                parameters,
                new TransformerEncoder.Size(
                        itemCount + 2,
                        config.maxLen(),
                        config.numLayers(),
                        config.numHeads(),
                        config.hiddenSize(),
                        config.innerSize(),
                        (float) config.hiddenDropout(),
                        (float) config.attentionDropout()),
                View.BIDIRECTIONAL);
        int d = config.hiddenSize();
        outputMap = TransformerEncoder.Dense.declare(parameters, "output_ffn", d, d);
        outputNorm = TransformerEncoder.Norm.declare(parameters, "output_ln", d);
    }

    @Override
    Parameter itemEmbedding() {
        return encoder.itemEmbedding();
    }

    @Override
    public int itemCount() {
        return itemCount;
    }

    @Override
    public OutputLayer outputLayer() {
        return new OutputLayer(outputTable(), itemCount + 1, outputBias);
    }

    @Override
    public Objective objective() {
        return new Objective.MaskedItem(itemCount + 1, config().maskRatio(), config().lastRatio());
    }

    /** The vectors of all positions; those of masked positions score the item that stood there. */
    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        Tensor x = encoder.apply(tape, batch);
        return outputNorm.apply(tape, Activations.gelu(tape, outputMap.apply(tape, x)));
    }
}
