package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.model.WindowState;

/**
 * SASRec (Kang and McAuley 2018, arXiv 1808.09781) as in RecBole, with its parameter names: a causal Transformer encoder
 * whose output is scored with the item embedding. Positions count from the start of the window that is read.
 */
public final class SasRec implements SequenceModel {
    private final SasRecConfig config;
    private final ParameterSet parameters = new ParameterSet();
    private final TransformerEncoder encoder;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public SasRec(SasRecConfig config, int itemCount) {
        this.config = config;
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

    /** The settings. */
    public SasRecConfig config() {
        return config;
    }

    @Override
    public ParameterSet parameters() {
        return parameters;
    }

    @Override
    public Parameter inputTable() {
        return encoder.itemEmbedding();
    }

    @Override
    public Parameter outputTable() {
        return encoder.itemEmbedding();
    }

    @Override
    public int maxLength() {
        return config.maxLen();
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return encoder.apply(tape, batch);
    }

    /** There is no recurrent state: an event costs a pass over the last {@link #maxLength()} items. */
    @Override
    public WindowState newState() {
        return WindowState.initial();
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        return ((WindowState) state).append(this, tape, items);
    }

    @Override
    public Tensor advance(Tape tape, SequenceState state, int... items) {
        return ((WindowState) state).advance(this, tape, items);
    }
}
