package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceState;

/**
 * A network without a recurrent state: each event costs a pass over a window of at most {@link #maxLength()} tokens.
 *
 * @param <C> its settings
 */
abstract class WindowBaseline<C> extends Baseline<C> {
    private final int maxLength;

    WindowBaseline(C config, int maxLength) {
        super(config);
        this.maxLength = maxLength;
    }

    @Override
    public final int maxLength() {
        return maxLength;
    }

    @Override
    public final SequenceState newState() {
        return WindowState.initial();
    }

    @Override
    public final Tensor append(Tape tape, SequenceState state, int... items) {
        return ((WindowState) state).append(this, tape, items);
    }

    @Override
    public final Tensor advance(Tape tape, SequenceState state, int... items) {
        return ((WindowState) state).advance(this, tape, items);
    }
}
