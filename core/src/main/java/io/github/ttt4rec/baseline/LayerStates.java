package io.github.ttt4rec.baseline;

import io.github.ttt4rec.model.SequenceState;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * A user's state in a network of recurrent layers: one of each layer, and the number of events.
 *
 * @param <S> a layer's state
 */
final class LayerStates<S> implements SequenceState {
    private final List<S> layers;
    private final UnaryOperator<S> copy;
    private final ToLongFunction<S> bytes;
    private long events;

    /**
     * Before the first event.
     *
     * @param copy gives an independent copy of a layer's state
     * @param bytes tells its memory
     */
    LayerStates(List<S> layers, UnaryOperator<S> copy, ToLongFunction<S> bytes) {
        this.layers = layers;
        this.copy = copy;
        this.bytes = bytes;
    }

    /** The layers' states, to be advanced; throws {@link ClassCastException} where they are another network's. */
    <T> List<T> layers(Class<T> type) {
        return layers.stream().map(type::cast).toList();
    }

    /** So many events were consumed. */
    void consumed(int more) {
        events += more;
    }

    @Override
    public LayerStates<S> copy() {
        LayerStates<S> other = new LayerStates<>(layers.stream().map(copy).toList(), copy, bytes);
        other.events = events;
        return other;
    }

    @Override
    public long bytes() {
        return layers.stream().mapToLong(bytes).sum();
    }

    @Override
    public long events() {
        return events;
    }
}
