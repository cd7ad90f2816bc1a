package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.PositionEmbedding;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.baseline.TransformerEncoder.Norm;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A network of pre-norm layers: item and position embedding, dropout, the layers, and LayerNorm of the last layer's
 * output.
 *
 * @param <C> its settings
 */
abstract class PreNormNetwork<C> extends WindowBaseline<C> {
    private final Size size;
    private final Parameter itemEmbedding;
    private final Parameter positionEmbedding;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm norm;

    /** One layer. */
    interface Layer {
        /**
         * Applies the layer.
         *
         * @param x its input {@code (N, d)}
         * @param site the number of its first dropout site
         * @return its output {@code (N, d)}
         */
        Tensor apply(Tape tape, Tensor x, SequenceBatch batch, int site);
    }

    /**
     * The sizes of the network.
     *
     * @param items V
     * @param maxLen the number of positions
     * @param layers the number of layers
     * @param hiddenSize d
     * @param dropout the rate on the embedding
     * @param sites the number of dropout sites of a layer
     */
    record Size(int items, int maxLen, int layers, int hiddenSize, double dropout, int sites) {}

    /**
     * Declares the parameters.
     *
     * @param layer declares a layer's parameters under a prefix of their names
     */
    PreNormNetwork(C config, Size size, BiFunction<ParameterSet, String, Layer> layer) {
        super(config, size.maxLen);
        this.size = size;
        itemEmbedding = parameters.declare("item_embedding.weight", Init.NORMAL_TABLE, size.items + 1, size.hiddenSize);
        positionEmbedding = parameters.declare("position_embedding.weight", Init.NORMAL, size.maxLen, size.hiddenSize);
        for (int i = 0; i < size.layers; i++) {
            layers.add(layer.apply(parameters, "layer." + i + "."));
        }
        norm = Norm.declare(parameters, "norm", size.hiddenSize);
    }

    @Override
    final Parameter itemEmbedding() {
        return itemEmbedding;
    }

    @Override
    public final Tensor encode(Tape tape, SequenceBatch batch) {
        Tensor x = Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows());
        x = PositionEmbedding.apply(tape, x, positionEmbedding, batch.positions());
        x = Dropout.apply(tape, x, (float) size.dropout, batch.rowSeeds());
        for (int i = 0; i < layers.size(); i++) {
            // Site 0 is the embedding's.
            x = layers.get(i).apply(tape, x, batch, 1 + i * size.sites);
        }
        return norm.apply(tape, x);
    }
}
