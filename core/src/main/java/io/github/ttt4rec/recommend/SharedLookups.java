package io.github.ttt4rec.recommend;

import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.model.SequenceModel;
import org.jspecify.annotations.Nullable;

/**
 * Structures made from a network's output table when they are first needed, shared by all recommenders with that table. For any
 * number of threads.
 */
final class SharedLookups {
    private final SequenceModel network;
    /** Made by one thread only: it may be large. */
    private volatile @Nullable Retriever retriever;
    /** Two threads may both make the same. */
    private volatile @Nullable ItemSimilarity similarity;

    SharedLookups(SequenceModel network) {
        this.network = network;
    }

    /** The quickest search for the catalogue's size; making it takes some seconds for millions of items. */
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

    /** The {@link #retriever} if it has been made; otherwise a plain scan, which takes no time to make. */
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
