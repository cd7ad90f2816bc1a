package io.github.ttt4rec.recommend;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.model.SequenceModel;
import java.util.Arrays;

/** Cosines between the items' output vectors. */
final class ItemSimilarity implements Recommender.Cosines {
    private final OutputLayer products;
    /** The inverse length of each vector; 0 for a zero vector, which is similar to nothing. */
    private final float[] inverseLengths;

    ItemSimilarity(SequenceModel network) {
        Parameter table = network.outputTable();
        products = new OutputLayer(table, network.itemCount() + 1, null);
        inverseLengths = new float[products.rows()];
        int d = network.hiddenSize();
        for (int item = 1; item < inverseLengths.length; item++) {
            double square = Kernels.active().dot(d, table.value(), item * d, table.value(), item * d);
            inverseLengths[item] = square > 0 ? (float) (1 / Math.sqrt(square)) : 0f;
        }
    }

    /** The cosine of each item's vector with that of {@code item}, by index, {@code (V + 1)}. */
    float[] to(int item) {
        Parameter table = products.table();
        int d = table.extent(1);
        float[] cosines = new float[products.rows()];
        products.score(1, Arrays.copyOfRange(table.value(), item * d, (item + 1) * d), cosines);
        for (int other = 0; other < cosines.length; other++) {
            cosines[other] *= inverseLengths[item] * inverseLengths[other];
        }
        return cosines;
    }

    @Override
    public float of(int item, int other) {
        float[] table = products.table().value();
        int d = products.table().extent(1);
        return Kernels.active().dot(d, table, item * d, table, other * d)
                * inverseLengths[item]
                * inverseLengths[other];
    }
}
