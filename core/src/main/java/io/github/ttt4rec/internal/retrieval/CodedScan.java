package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.kernels.CodeKernels;
import io.github.ttt4rec.kernels.CodedRequests;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Scans 4-bit codes and scores exactly every item whose upper bound reaches the k-th best exact score so far. The
 * result is bit-identical to that of {@link ExactScan}, with an eighth of its memory traffic. The codes take an eighth
 * of the table's memory plus 5 bytes per item.
 */
public final class CodedScan implements Retriever {
    private static final int BLOCK = CodeKernels.BLOCK;
    private static final int QUAD = CodeKernels.REQUESTS;
    /** The number of blocks that all requests scan before the next ones: 32 KB of codes at d = 64. */
    private static final int CHUNK = 16;
    /** If fewer than one item in this many is allowed, scoring the allowed items directly is faster. */
    private static final int FEW = 32;
    /** If more than one item in this many is requested, nearly all would be scored one by one anyway. */
    private static final int MANY = 100;

    private final CodeKernels kernels;
    private final ItemVectors output;
    private final ExactScan exact;
    private final CodedTable table;

    /** Returns whether vectors can be encoded: they must be finite and have at most 1,024 dimensions. */
    public static boolean fits(ItemVectors output) {
        return CodedTable.fits(output);
    }

    /** Encodes the items of a layer that {@link #fits}. Millions of items take some seconds. */
    public CodedScan(OutputLayer output) {
        this(new ItemVectors(output));
    }

    /** The same for vectors with additional columns. */
    public CodedScan(ItemVectors output) {
        this(output, CodeKernels.active());
    }

    /** The same with given kernels, for example ones that count operations. */
    CodedScan(ItemVectors output, CodeKernels kernels) {
        this.kernels = kernels;
        this.output = output;
        exact = new ExactScan(output);
        table = new CodedTable(output);
    }

    @Override
    public List<Ranked> top(List<Request> requests) {
        Ranked[] results = new Ranked[requests.size()];
        List<Search> searches = new ArrayList<>();
        short[] codes = new short[results.length * table.groups() * 4];
        int[] places = new int[requests.size()];
        for (int i = 0; i < results.length; i++) {
            Request request = requests.get(i);
            if (request.k() > output.rows() / MANY || !CodedQuery.suits(table, request.hidden())) {
                results[i] = exact.top(request);
            } else if (request.allowed().cardinality() < output.rows() / FEW) {
                results[i] = scoreAllowed(request);
            } else {
                places[searches.size()] = i;
                searches.add(new Search(request, codes, searches.size() * table.groups() * 4));
            }
        }
        scan(searches, codes);
        for (int s = 0; s < searches.size(); s++) {
            results[places[s]] = searches.get(s).candidates.ranked();
        }
        return List.of(results);
    }

    private Ranked scoreAllowed(Request request) {
        Candidates candidates = new Candidates(kernels, output, request);
        BitSet allowed = request.allowed();
        for (int item = allowed.nextSetBit(1); item >= 0 && item < output.rows(); item = allowed.nextSetBit(item + 1)) {
            candidates.add(item);
        }
        return candidates.ranked();
    }

    private void scan(List<Search> searches, short[] codes) {
        short[] starts = new short[searches.size()];
        for (int s = 0; s < starts.length; s++) {
            starts[s] = searches.get(s).query.start();
        }
        short[] limits = new short[QUAD];
        short[] sums = new short[QUAD * BLOCK];
        boolean open = !searches.isEmpty();
        for (int from = 0; open && from < table.blockCount(); from += CHUNK) {
            int to = Math.min(table.blockCount(), from + CHUNK);
            open = false;
            for (int first = 0; first < searches.size(); first += QUAD) {
                List<Search> quad = searches.subList(first, Math.min(searches.size(), first + QUAD));
                boolean quadOpen = false;
                for (Search search : quad) {
                    quadOpen |= search.isOpen(from);
                }
                if (quadOpen) {
                    open = true;
                    CodedRequests coded =
                            new CodedRequests(quad.size(), codes, first * table.groups() * 4, starts, first);
                    for (int block = from; block < to; block++) {
                        scan(block, to, quad, coded, limits, sums);
                    }
                    quad.forEach(search -> search.candidates.score());
                }
            }
        }
    }

    private void scan(int block, int to, List<Search> quad, CodedRequests coded, short[] limits, short[] sums) {
        boolean needed = false;
        for (int r = 0; r < quad.size(); r++) {
            limits[r] = quad.get(r).limit(block, to);
            needed |= limits[r] < Short.MAX_VALUE;
        }
        if (!needed) {
            return;
        }
        int groups = table.groups();
        int hits = kernels.above(groups, table.codes(), block * groups * BLOCK, coded, limits, sums);
        for (; hits != 0; hits &= hits - 1) {
            int r = Integer.numberOfTrailingZeros(hits);
            quad.get(r).take(block, sums, r * BLOCK, limits[r]);
        }
    }

    /** A request in progress. */
    private final class Search {
        private final Candidates candidates;
        private final TopK best;
        private final CodedQuery query;
        /** The thresholds for the sums of the blocks from {@code first} on, for the score {@code worst}. */
        private final short[] limits = new short[CHUNK];

        private int first;
        private float worst = Float.NaN;
        private boolean open;

        /** Writes the query's codes to {@code codes}. */
        Search(Request request, short[] codes, int offset) {
            candidates = new Candidates(kernels, output, request);
            best = candidates.best();
            query = new CodedQuery(table, request.hidden(), codes, offset);
            open = request.k() > 0;
        }

        /** Returns whether this block or a later one may hold a better item. */
        boolean isOpen(int block) {
            worst = Float.NaN;
            open = open && !query.endsBefore(block, best.threshold());
            return open;
        }

        /**
         * The threshold for a block's sums; the largest short if the block can be skipped. Thresholds are computed for all
         * blocks of a chunk, which ends at {@code to}, and again whenever the k-th best score has risen.
         */
        short limit(int block, int to) {
            if (!open) {
                return Short.MAX_VALUE;
            }
            if (worst != best.threshold()) {
                worst = best.threshold();
                first = block;
                query.limits(block, to, worst, limits);
            }
            return limits[block - first];
        }

        /** Adds the items whose sums exceed the threshold {@code limit}. */
        void take(int block, short[] sums, int offset, short limit) {
            int[] items = table.items();
            for (int i = 0; i < BLOCK; i++) {
                // Index 0 is the padding of the last block.
                if (sums[offset + i] > limit && items[block * BLOCK + i] != 0) {
                    candidates.add(items[block * BLOCK + i]);
                }
            }
            if (best.threshold() == Float.NEGATIVE_INFINITY) {
                candidates.score();
            }
        }
    }
}
