package io.github.ttt4rec.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import java.util.List;

/** Finds the best items. For any number of threads; the weights must not change meanwhile. */
public interface Retriever {
    /** From this many items on, a search by codes is quicker than scoring all; see docs/performance.md. */
    int CODED_FROM = 5_000;

    /** The best for each of some requests, in one pass over the table: the more at once, the less each costs. */
    List<Ranked> top(List<Request> requests);

    /** The best for one request. */
    default Ranked top(Request request) {
        return top(List.of(request)).getFirst();
    }

    /** The quicker one for a catalogue of that size. */
    static Retriever of(OutputLayer output) {
        return output.rows() > CODED_FROM && CodedTable.fits(output) ? new CodedScan(output) : new ExactScan(output);
    }
}
