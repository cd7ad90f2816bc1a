package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.benchmarks.models.SyntheticCatalogue;
import io.github.ttt4rec.internal.retrieval.CodedScan;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.internal.retrieval.Retriever;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The ten best items of catalogues of several sizes, for one request and for 32 requests in one pass. The work is that
 * of scoring every item.
 */
@State(Scope.Thread)
public class TopItemsBenchmark implements Counted {
    private static final int D = 64;
    private static final int K = 10;
    private static final int BATCH = 32;
    private static final int USERS = 64;

    /** The number of items V; the command catalogue measures further sizes. */
    @Param("100000")
    public int items;

    private Retriever exact;
    private Retriever coded;
    private List<Request> requests;
    private int next;

    /** Creates a catalogue and some users. */
    @Setup
    public void setUp() {
        SyntheticCatalogue catalogue = new SyntheticCatalogue(items, D, 7);
        OutputLayer output = catalogue.outputLayer();
        exact = new ExactScan(output);
        coded = new CodedScan(output);
        BitSet all = new BitSet();
        all.set(1, items + 1);
        requests = Arrays.stream(catalogue.users(output, USERS))
                .map(user -> new Request(user, K, all))
                .toList();
    }

    /** All scores in float. */
    @Benchmark
    public List<Ranked> exactOne() {
        return exact.top(some(1));
    }

    /** The same for many requests in one pass. */
    @Benchmark
    public List<Ranked> exactBatch() {
        return exact.top(some(BATCH));
    }

    /** A scan of codes, and exact scores of the items that the codes cannot decide. */
    @Benchmark
    public List<Ranked> codedOne() {
        return coded.top(some(1));
    }

    /** The same for many requests in one pass. */
    @Benchmark
    public List<Ranked> codedBatch() {
        return coded.top(some(BATCH));
    }

    private List<Request> some(int count) {
        next = (next + count) % USERS;
        return requests.subList(next, Math.min(USERS, next + count));
    }

    @Override
    public Work work(String method) {
        double table = (double) (items + 1) * D;
        int requestsAtOnce = method.endsWith("Batch") ? BATCH : 1;
        // The codes take 4 bits per number.
        double bytes = table * (method.startsWith("coded") ? 0.5 : Float.BYTES);
        return Work.of(2 * table * requestsAtOnce, bytes, requestsAtOnce, "lists");
    }
}
