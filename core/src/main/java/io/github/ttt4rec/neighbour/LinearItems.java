package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear item-item model: the score of v after a history is {@code Σ_h w(h) B[h][v]} over the distinct items h of its
 * last events. {@link Ease}, {@link Slist} and {@link Tale} differ in w and in the ridge regression whose solution is
 * B.
 *
 * <p>Their published closed forms invert a V × V matrix. Here every column of B has non-zero entries only for the
 * {@code neighbours} source items that are most correlated with the target, and is the exact minimum under that
 * restriction (as in fSLIM, Ning and Karypis 2011). With {@code neighbours >= V} this is the published closed form;
 * with fewer, memory and time grow with V · neighbours instead of V² and V³.
 */
final class LinearItems extends MemoryBasedRecommender {
    private static final String TARGETS = "targets";
    private static final String WEIGHTS = "weights";

    /**
     * Multiplied by the place in order of popularity, this breaks ties between equal scores. It is much smaller than
     * any other score.
     */
    private static final float TIE_BREAK = 1e-9f;

    private final ItemOrder order;
    private final ItemRows weights;
    private final int maxLen;
    private final double decay;

    /**
     * A model with given weights.
     *
     * @param order the items in order of popularity
     * @param weights the matrix B; row h holds B[h][·]
     * @param maxLen the number of last events read
     * @param decay the weight of an event relative to the next one
     */
    LinearItems(ItemOrder order, ItemRows weights, int maxLen, double decay) {
        super(order.itemCount(), maxLen);
        this.order = order;
        this.weights = weights;
        this.maxLen = maxLen;
        this.decay = decay;
    }

    /** Fits {@code regression} to the training part of {@code split}. */
    static LinearItems fit(
            Split split, Regression regression, int neighbours, double lambda, int maxLen, double decay) {
        return new LinearItems(
                ItemOrder.of(split), new RidgeSolver(split, regression, neighbours, lambda).solve(), maxLen, decay);
    }

    static LinearItems load(TensorFile tables, int itemCount, int maxLen, double decay) {
        return new LinearItems(
                ItemOrder.load(tables, itemCount), ItemRows.load(tables, TARGETS, WEIGHTS, itemCount), maxLen, decay);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException for values out of range
     */
    static void check(int neighbours, double lambda, int maxLen) {
        if (neighbours < 1 || maxLen < 1 || !(lambda > 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("neighbours and max_len must be at least 1 and lambda above 0, not "
                    + neighbours + ", " + maxLen + ", " + lambda);
        }
    }

    /**
     * Ridge regression of targets T on sources S, both cases by items: B minimises {@code ‖T − S·B‖² + λ‖B‖²}.
     * Implementations compute the products SᵀS and SᵀT event by event over the training part of a user.
     */
    interface Regression {
        /** Returns whether an item must not predict itself, so that B has a zero diagonal. */
        boolean excludesItself();

        /** Adds the contribution of event {@code p} to row {@code item(p)} of SᵀS. */
        void addSource(Dataset data, int user, int length, int p, Sums row);

        /** Adds the contribution of event {@code q} to column {@code item(q)} of SᵀT. */
        void addTarget(Dataset data, int user, int length, int q, Sums column);
    }

    /** Sums by item. Not thread-safe. */
    static final class Sums {
        final double[] values;
        final int[] items;
        private final boolean[] present;
        int size;

        Sums(int itemCount) {
            values = new double[itemCount + 1];
            items = new int[itemCount + 1];
            present = new boolean[itemCount + 1];
        }

        void add(int item, double value) {
            if (!present[item]) {
                present[item] = true;
                items[size++] = item;
            }
            values[item] += value;
        }

        void clear() {
            for (int i = 0; i < size; i++) {
                values[items[i]] = 0;
                present[items[i]] = false;
            }
            size = 0;
        }
    }

    @Override
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(weights.tensors(TARGETS, WEIGHTS));
        tensors.add(order.tensor());
        return tensors;
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        Sums sums = new Sums(itemCount());
        Sums read = new Sums(itemCount());
        return (history, out, offset) -> {
            collect(history, read, sums);
            for (int item = 1; item <= itemCount(); item++) {
                out[offset + item] = (float) sums.values[item] - TIE_BREAK * order.place(item);
            }
            sums.clear();
            read.clear();
        };
    }

    private void collect(History history, Sums read, Sums sums) {
        double weight = 1;
        for (int i = history.size() - 1; i >= Math.max(0, history.size() - maxLen); i--) {
            int item = history.item(i);
            if (read.values[item] == 0) {
                read.add(item, 1);
                for (int n = weights.offsets()[item]; n < weights.offsets()[item + 1]; n++) {
                    sums.add(weights.items()[n], weight * weights.values()[n]);
                }
            }
            weight *= decay;
        }
    }
}
