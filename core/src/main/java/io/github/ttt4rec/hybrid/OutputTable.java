package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.ItemVectors;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.kernels.CodeKernels;
import io.github.ttt4rec.model.SequenceModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The network's output table with two more columns for the two popularities. The product of a row with the query vector
 * {@code (w·h, a, b)} is the logit of an item without sparse features, {@code w h·E[v] + a p[v] + b q[v]}, so that a
 * search for the best items by their vectors takes popularity into account. The network's table is shared, not copied.
 * Thread-safe.
 */
final class OutputTable {
    /** The number of added columns. */
    private static final int ADDED = 2;
    /**
     * The catalogue size from which a search by codes is faster. It is smaller than in other models, because the scores
     * of related items give the search a floor.
     */
    private static final int CODED_FROM = 1000;

    private final ItemVectors vectors;
    private final int networkSize;
    private final float[] scales;
    /** Built by only one thread, because it may be large. */
    private volatile @Nullable Retriever retriever;

    OutputTable(SequenceModel network, ItemTables tables) {
        this(network, tables, scales(network.outputLayer(), tables));
    }

    /** The table for a network with more items. The scales stay, so that the other items keep their logits. */
    OutputTable withItems(SequenceModel network, ItemTables tables) {
        return new OutputTable(network, tables, scales);
    }

    private OutputTable(SequenceModel network, ItemTables tables, float[] scales) {
        this.scales = scales;
        networkSize = network.hiddenSize();
        vectors = new ItemVectors(
                network.outputLayer(),
                scaled(tables.popularity(), scales[0]),
                scaled(tables.freshPopularity(), scales[1]));
    }

    private static float[] scaled(float[] column, float scale) {
        float[] scaled = new float[column.length];
        for (int v = 1; v < column.length; v++) {
            scaled[v] = scale * column[v];
        }
        return scaled;
    }

    /**
     * The factors that give the added columns the spread of the network's columns, so that the search by codes, which
     * reads items by their distance from the mean, begins with those that are popular or have long vectors.
     */
    private static float[] scales(OutputLayer output, ItemTables tables) {
        int d = output.table().extent(1);
        double spread = spread(output.table().value(), d, output.rows() * d);
        float[][] columns = {tables.popularity(), tables.freshPopularity()};
        float[] scales = new float[ADDED];
        for (int c = 0; c < ADDED; c++) {
            double own = spread(columns[c], 1, columns[c].length);
            scales[c] = own > 0 && spread > 0 ? (float) (spread / own) : 1;
        }
        return scales;
    }

    /** The standard deviation of some values. */
    private static double spread(float[] values, int from, int to) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
            squares += (double) values[i] * values[i];
        }
        int n = Math.max(1, to - from);
        return Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
    }

    /** The vectors whose products with query vectors are the logits. */
    ItemVectors vectors() {
        return vectors;
    }

    /** The size of a query vector. */
    int size() {
        return vectors.size();
    }

    /**
     * Writes the query vector of a request.
     *
     * @param vector the network's query vector, at {@code offset}
     * @param weights the weight of each feature for the request
     */
    void query(float[] vector, int offset, float[] weights, float[] query, int queryOffset) {
        float network = weights[ItemFeature.NETWORK.column()];
        for (int i = 0; i < networkSize; i++) {
            query[queryOffset + i] = network * vector[offset + i];
        }
        query[queryOffset + networkSize] = weights[ItemFeature.POPULARITY.column()] / scales[0];
        query[queryOffset + networkSize + 1] = weights[ItemFeature.FRESH_POPULARITY.column()] / scales[1];
    }

    /** Writes the query vector of the network's logit alone, multiplied by a weight. */
    void networkQuery(float[] vector, int offset, float weight, float[] query) {
        for (int i = 0; i < networkSize; i++) {
            query[i] = weight * vector[offset + i];
        }
        Arrays.fill(query, networkSize, networkSize + ADDED, 0);
    }

    /** Computes the logits of all items, {@code (count, V + 1)}, for some query vectors. */
    void score(int count, float[] queries, float[] scores) {
        vectors.score(count, queries, scores);
    }

    /** Computes the logits of some items for one query vector; they are bit-identical to those of {@link #score}. */
    void score(float[] query, int[] items, int count, float[] scores) {
        vectors.score(CodeKernels.active(), query, items, count, scores);
    }

    /** The fastest search for the catalogue's size. Building it takes some seconds for millions of items. */
    Retriever retriever() {
        Retriever known = retriever;
        if (known == null) {
            synchronized (this) {
                known = retriever;
                if (known == null) {
                    known = Retriever.of(vectors, CODED_FROM);
                    retriever = known;
                }
            }
        }
        return known;
    }

    /** The {@link #retriever} if it has been built; otherwise a plain scan, which needs no building. */
    Retriever retrieverForOneList() {
        Retriever known = retriever;
        return known == null ? new ExactScan(vectors) : known;
    }
}
