package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.LayerState;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.model.SequenceState;
import java.util.List;

/**
 * A user's state in a network of recurrent layers: the state of each layer and the number of events.
 *
 * @param <S> the type of a layer's state
 */
final class LayerStates<S extends LayerState<S>> implements SequenceState {
    private final List<S> layers;
    private long events;

    /** The state before the first event. */
    LayerStates(List<S> layers) {
        this(layers, 0);
    }

    private LayerStates(List<S> layers, long events) {
        this.layers = layers;
        this.events = events;
    }

    /**
     * The layers' states, to be advanced in place.
     *
     * @throws ClassCastException if they are the states of another kind of network
     */
    <T> List<T> layers(Class<T> type) {
        return layers.stream().map(type::cast).toList();
    }

    /** Adds to the number of consumed events. */
    void consumed(int more) {
        events += more;
    }

    @Override
    public LayerStates<S> copy() {
        return new LayerStates<>(layers.stream().map(LayerState::copy).toList(), events);
    }

    @Override
    public long bytes() {
        return layers.stream().mapToLong(LayerState::bytes).sum();
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(events);
        layers.forEach(layer -> layer.write(out));
    }

    @Override
    public void read(StateInput in) {
        events = in.getLong();
        layers.forEach(layer -> layer.read(in));
    }

    @Override
    public long events() {
        return events;
    }
}
