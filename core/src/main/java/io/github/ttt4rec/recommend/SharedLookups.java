package io.github.ttt4rec.recommend;

import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.model.SequenceModel;
import org.jspecify.annotations.Nullable;

/**
 * Structures built from a network's output table on first use, shared by all recommenders with that table. Thread-safe.
 */
final class SharedLookups {
    private final SequenceModel network;
    /** Built by only one thread, because it may be large. */
    private volatile @Nullable Retriever retriever;
    /** If two threads race, both build the same. */
    private volatile @Nullable ItemSimilarity similarity;

    SharedLookups(SequenceModel network) {
        this.network = network;
    }

    /** The fastest search for the catalogue's size. Building it takes some seconds for millions of items. */
    Retriever retriever() {
        Retriever known = retriever;
        if (known == null) {
            synchronized (this) {
                known = retriever;
                if (known == null) {
                    known = Retriever.of(network.outputLayer());
                    retriever = known;
                }
            }
        }
        return known;
    }

    /** The {@link #retriever} if it has been built; otherwise a plain scan, which needs no building. */
    Retriever retrieverForOneList() {
        Retriever known = retriever;
        return known == null ? new ExactScan(network.outputLayer()) : known;
    }

    /** The cosines between output vectors. */
    ItemSimilarity similarity() {
        ItemSimilarity known = similarity;
        if (known == null) {
            known = new ItemSimilarity(network);
            similarity = known;
        }
        return known;
    }
}
