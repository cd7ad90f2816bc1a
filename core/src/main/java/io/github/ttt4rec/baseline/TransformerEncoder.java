package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Activations;
import io.github.ttt4rec.autograd.Add;
import io.github.ttt4rec.autograd.Attention;
import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.LayerNorm;
import io.github.ttt4rec.autograd.Linear;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.PositionEmbedding;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder that SASRec and BERT4Rec share in RecBole (Zhao et al. 2021, arXiv 2011.01731): item and position
 * embedding, and a stack of post-norm Transformer layers (Vaswani et al. 2017) with exact GELU.
 */
final class TransformerEncoder {
    private static final float EPSILON = 1e-12f;
    /** Dropout sites per layer; site 0 is the embedding's. */
    private static final int SITES = 3;

    /**
     * The sizes of the encoder.
     *
     * @param tokens the number of rows of the input table
     * @param maxLen the number of rows of the position table
     */
    record Size(
            int tokens,
            int maxLen,
            int layers,
            int heads,
            int hiddenSize,
            int innerSize,
            float hiddenDropout,
            float attentionDropout) {}

    private final Size size;
    private final View view;
    private final Parameter itemEmbedding;
    private final Parameter positionEmbedding;
    private final List<Layer> layers = new ArrayList<>();
    private final Norm norm;

    /** A linear map with bias. */
    record Dense(Parameter weight, Parameter bias) {
        static Dense declare(ParameterSet set, String name, int in, int out) {
            return new Dense(
                    set.declare(name + ".weight", Init.NORMAL, out, in), set.declare(name + ".bias", Init.ZERO, out));
        }

        Tensor apply(Tape tape, Tensor x) {
            return Linear.apply(tape, x, weight, bias);
        }
    }

    /** LayerNorm with gain and bias. */
    record Norm(Parameter gain, Parameter bias) {
        static Norm declare(ParameterSet set, String name, int d) {
            return new Norm(set.declare(name + ".weight", Init.ONE, d), set.declare(name + ".bias", Init.ZERO, d));
        }

        Tensor apply(Tape tape, Tensor x) {
            return LayerNorm.apply(tape, x, gain, bias, EPSILON);
        }
    }

    private record Layer(
            Dense query,
            Dense key,
            Dense value,
            Dense output,
            Norm attentionNorm,
            Dense inner,
            Dense outer,
            Norm norm) {
        static Layer declare(ParameterSet set, String prefix, Size size) {
            int d = size.hiddenSize;
            String attention = prefix + "multi_head_attention.";
            String feedForward = prefix + "feed_forward.";
            return new Layer(
                    Dense.declare(set, attention + "query", d, d),
                    Dense.declare(set, attention + "key", d, d),
                    Dense.declare(set, attention + "value", d, d),
                    Dense.declare(set, attention + "dense", d, d),
                    Norm.declare(set, attention + "LayerNorm", d),
                    Dense.declare(set, feedForward + "dense_1", d, size.innerSize),
                    Dense.declare(set, feedForward + "dense_2", size.innerSize, d),
                    Norm.declare(set, feedForward + "LayerNorm", d));
        }

        Tensor apply(Tape tape, Tensor x, SequenceBatch batch, Size size, View view, int site) {
            Tensor context = Attention.apply(
                    tape,
                    query.apply(tape, x),
                    key.apply(tape, x),
                    value.apply(tape, x),
                    batch.segments(),
                    size.heads,
                    view,
                    new Attention.Drop(size.attentionDropout, batch.rowSeeds(), site));
            Tensor attended = output.apply(tape, context);
            attended = Dropout.apply(tape, attended, size.hiddenDropout, batch.rowSeeds(), site + 1);
            attended = attentionNorm.apply(tape, Add.apply(tape, x, attended));
            Tensor fed = outer.apply(tape, Activations.gelu(tape, inner.apply(tape, attended)));
            fed = Dropout.apply(tape, fed, size.hiddenDropout, batch.rowSeeds(), site + 2);
            return norm.apply(tape, Add.apply(tape, attended, fed));
        }
    }

    TransformerEncoder(ParameterSet set, Size size, View view) {
        this.size = size;
        this.view = view;
        itemEmbedding = set.declare("item_embedding.weight", Init.NORMAL_TABLE, size.tokens, size.hiddenSize);
        positionEmbedding = set.declare("position_embedding.weight", Init.NORMAL, size.maxLen, size.hiddenSize);
        for (int layer = 0; layer < size.layers; layer++) {
            layers.add(Layer.declare(set, "trm_encoder.layer." + layer + ".", size));
        }
        norm = Norm.declare(set, "LayerNorm", size.hiddenSize);
    }

    Parameter itemEmbedding() {
        return itemEmbedding;
    }

    /** The last layer's vectors {@code (N, d)}. */
    Tensor apply(Tape tape, SequenceBatch batch) {
        Tensor x = Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows());
        x = norm.apply(tape, PositionEmbedding.apply(tape, x, positionEmbedding, batch.positions()));
        x = Dropout.apply(tape, x, size.hiddenDropout, batch.rowSeeds());
        for (int layer = 0; layer < layers.size(); layer++) {
            x = layers.get(layer).apply(tape, x, batch, size, view, 1 + layer * SITES);
        }
        return x;
    }

    /** Checks the settings that both configurations share. */
    static void check(
            int numLayers,
            int numHeads,
            int hiddenSize,
            int innerSize,
            double hiddenDropout,
            double attentionDropout,
            int maxLen) {
        Ranges.require(numLayers >= 1, "num_layers must be at least 1");
        Ranges.require(numHeads >= 1, "num_heads must be at least 1");
        Ranges.require(hiddenSize >= 1 && hiddenSize % numHeads == 0, "hidden_size must be a multiple of num_heads");
        Ranges.require(innerSize >= 1, "inner_size must be at least 1");
        Ranges.requireRate(hiddenDropout, "hidden_dropout");
        Ranges.requireRate(attentionDropout, "attention_dropout");
        Ranges.require(maxLen >= 1, "max_len must be at least 1");
    }
}
