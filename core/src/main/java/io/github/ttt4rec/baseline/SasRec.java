package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;

/**
 * SASRec (Kang and McAuley 2018, arXiv 1808.09781) as in RecBole, with its parameter names: a causal Transformer encoder
 * whose output is scored with the item embedding. Positions count from the start of the window that is read.
 */
public final class SasRec extends WindowBaseline<SasRecConfig> {
    private final TransformerEncoder encoder;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public SasRec(SasRecConfig config, int itemCount) {
        super(config, config.maxLen());
        encoder = new TransformerEncoder(
                parameters,
                new TransformerEncoder.Size(
                        itemCount + 1,
                        config.maxLen(),
                        config.numLayers(),
                        config.numHeads(),
                        config.hiddenSize(),
                        config.innerSize(),
                        (float) config.hiddenDropout(),
                        (float) config.attentionDropout()),
                View.CAUSAL);
    }

    @Override
    Parameter itemEmbedding() {
        return encoder.itemEmbedding();
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return encoder.apply(tape, batch);
    }
}
