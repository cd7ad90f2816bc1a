package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.ItemVectors;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.kernels.CodeKernels;
import io.github.ttt4rec.model.SequenceModel;
import org.jspecify.annotations.Nullable;

/**
 * The network's output table with two more columns, the two popularities. The product of a row with the query vector {@code (w·h, a,
 * b)} is the logit of an item that nothing is added to, {@code w h·E[v] + a p[v] + b q[v]}; so the search for the best items by their
 * vectors finds them popularity included. The network's table is shared, not copied. For any number of threads.
 */
final class OutputTable {
    /** Columns that are added. */
    private static final int ADDED = 2;
    /** The catalogue size from which a search by codes is quicker, lower than without the floor that related items give it. */
    private static final int CODED_FROM = 1000;

    private final ItemVectors vectors;
    private final int networkSize;
    private final float[] scales;
    /** Made by one thread only: it may be large. */
    private volatile @Nullable Retriever retriever;

    OutputTable(SequenceModel network, ItemTables tables) {
        this(network, tables, scales(network.outputLayer(), tables));
    }

    /** The same for a table with more items, at the scales of the table before, so that the other items keep their logits. */
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

    /** The factors that give the added columns the spread of the network's, which keeps the codes of the search precise. */
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
     * @param vector the network's query vector, from {@code offset}
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

    /** The logits of all items for some query vectors: {@code (count, V + 1)}. */
    void score(int count, float[] queries, float[] scores) {
        vectors.score(count, queries, scores);
    }

    /** The logits of some items for one query vector, with the bits that {@link #score} gives. */
    void score(float[] query, int[] items, int count, float[] scores) {
        vectors.score(CodeKernels.active(), query, items, count, scores);
    }

    /** The quickest search for the catalogue's size; making it takes some seconds for millions of items. */
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

    /** The {@link #retriever} if it has been made; otherwise a plain scan, which takes no time to make. */
    Retriever retrieverForOneList() {
        Retriever known = retriever;
        return known == null ? new ExactScan(vectors) : known;
    }
}
