package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.GruLayer;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Layers of gated recurrent units without bias, each fed by the layer before, with PyTorch's parameter names. */
final class GruEncoder {
    private final List<GruLayer.Weights> layers = new ArrayList<>();

    /**
     * Declares the layers.
     *
     * @param first the initialisation of the first layer; the others are initialised as in PyTorch
     */
    GruEncoder(ParameterSet set, String prefix, int inputSize, int hiddenSize, int numLayers, Init first) {
        for (int layer = 0; layer < numLayers; layer++) {
            Init init = layer == 0 ? first : defaultInit(hiddenSize);
            int in = layer == 0 ? inputSize : hiddenSize;
            layers.add(new GruLayer.Weights(
                    set.declare(prefix + "weight_ih_l" + layer, init, 3 * hiddenSize, in),
                    set.declare(prefix + "weight_hh_l" + layer, init, 3 * hiddenSize, hiddenSize),
                    null,
                    null));
        }
    }

    /** PyTorch's initialisation of a recurrent layer: uniform in ±1/√h. */
    static Init defaultInit(int hiddenSize) {
        return Init.uniform(1 / Math.sqrt(hiddenSize));
    }

    /**
     * The last layer's hidden vectors {@code (N, h)}.
     *
     * @param states the state of each layer if x continues a sequence; empty if x holds whole sequences
     */
    Tensor apply(Tape tape, Tensor x, Segments segments, List<GruLayer.State> states) {
        Tensor hidden = x;
        for (int layer = 0; layer < layers.size(); layer++) {
            List<GruLayer.State> own = states.isEmpty() ? List.of() : List.of(states.get(layer));
            hidden = GruLayer.apply(tape, hidden, segments, layers.get(layer), own);
        }
        return hidden;
    }

    List<GruLayer.State> newStates() {
        return layers.stream()
                .map(layer -> GruLayer.State.initial(layer.units()))
                .toList();
    }
}
