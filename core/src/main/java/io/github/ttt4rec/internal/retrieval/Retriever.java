package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import java.util.List;

/** Finds the best items. Thread-safe as long as the weights do not change. */
public interface Retriever {
    /** The catalogue size from which a search by codes is faster than scoring all items; see docs/performance.md. */
    int CODED_FROM = 5_000;

    /** The best items for several requests in one pass over the table, which costs less for each than separate passes. */
    List<Ranked> top(List<Request> requests);

    /** The best items for one request. */
    default Ranked top(Request request) {
        return top(List.of(request)).getFirst();
    }

    /** The faster retriever for the layer's catalogue size. */
    static Retriever of(OutputLayer output) {
        return of(new ItemVectors(output), CODED_FROM);
    }

    /**
     * A search by codes for vectors with more than {@code codedFrom} rows, if they can be encoded; otherwise a scan of
     * all items.
     */
    static Retriever of(ItemVectors output, int codedFrom) {
        return output.rows() > codedFrom && CodedScan.fits(output) ? new CodedScan(output) : new ExactScan(output);
    }
}
