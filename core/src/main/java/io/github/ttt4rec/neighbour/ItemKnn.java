package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Item-based nearest neighbours for implicit feedback (Deshpande and Karypis 2004). With U(i) the users who have item i
 * in their training part, the similarity of two different items is the cosine of their columns, shrunk as by Ferrari
 * Dacrema et al. 2019:
 *
 * <pre>s(i, j) = |U(i) ∩ U(j)| / (√(|U(i)| |U(j)|) + shrinkage)</pre>
 *
 * <p>The score of v is the sum of {@code decay^age(h) s(h, v)} over the last {@code maxLen} events h of the history
 * that have v among their nearest neighbours; the newest event has age 0. Items that are not a neighbour of any of
 * these events follow in order of popularity.
 */
public final class ItemKnn extends MemoryBasedRecommender {
    private static final String NEIGHBOURS = "neighbours";
    private static final String SIMILARITIES = "similarities";

    private final Options options;
    private final ItemOrder order;
    /** Each item's neighbours with their similarities, nearest first. */
    private final ItemRows neighbours;

    /**
     * The settings.
     *
     * @param neighbours the number of nearest neighbours kept per item, at least 1
     * @param shrinkage at least 0; larger values reduce similarities that rest on few users
     * @param maxLen the number of last events of a history that are read, at least 1
     * @param decay the weight of an event relative to the next one, above 0 and at most 1; 1 gives all the same weight
     * @param remind whether the items of these events are scored too; if not, they rank with the items without a
     *     neighbour
     */
    public record Options(int neighbours, double shrinkage, int maxLen, double decay, boolean remind)
            implements MemoryBasedConfig {
        public Options {
            if (neighbours < 1 || maxLen < 1 || !(shrinkage >= 0 && shrinkage < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "neighbours " + neighbours + ", shrinkage " + shrinkage + ", maxLen " + maxLen);
            }
            if (!(decay > 0 && decay <= 1)) {
                throw new IllegalArgumentException("decay must be above 0 and at most 1, not " + decay);
            }
        }

        /**
         * 100 neighbours, shrinkage 30, the last 50 events with decay 0.8, reminders. Shrinkage (0, 10, 30) and decay (1,
         * 0.8, 0.5) were chosen on the validation cases of Amazon Video Games.
         */
        public static Options defaults() {
            return new Options(100, 30, 50, 0.8, true);
        }

        @Override
        public String type() {
            return "item-knn";
        }

        @Override
        public ItemKnn create(Split split) {
            return new ItemKnn(split, this);
        }

        @Override
        public ItemKnn load(TensorFile tables, int itemCount) {
            return new ItemKnn(
                    this,
                    ItemOrder.load(tables, itemCount),
                    ItemRows.load(tables, NEIGHBOURS, SIMILARITIES, itemCount));
        }
    }

    private ItemKnn(Options options, ItemOrder order, ItemRows neighbours) {
        super(order.itemCount(), options.maxLen());
        this.options = options;
        this.order = order;
        this.neighbours = neighbours;
    }

    /** Finds the neighbours of every item by the users of {@code split}'s training part. */
    public ItemKnn(Split split, Options options) {
        this(split, options, ItemOrder.of(split));
    }

    private ItemKnn(Split split, Options options, ItemOrder order) {
        this(options, order, nearest(split, options, order));
    }

    private static ItemRows nearest(Split split, Options options, ItemOrder order) {
        int items = split.data().itemCount();
        int[] users = IntStream.range(0, split.data().userCount()).toArray();
        Incidence itemsOf = Incidence.ofTraining(split, users, Integer.MAX_VALUE);
        Incidence usersOf = itemsOf.transposed(items + 1);
        int[] offsets = new int[items + 2];
        int[] nearest = new int[0];
        float[] cosines = new float[0];
        ItemOrder.Evidence evidence = order.new Evidence();
        for (int item = 1; item <= items; item++) {
            for (int i = usersOf.offsets()[item]; i < usersOf.offsets()[item + 1]; i++) {
                int user = usersOf.columns()[i];
                for (int j = itemsOf.offsets()[user]; j < itemsOf.offsets()[user + 1]; j++) {
                    int other = itemsOf.columns()[j];
                    if (other != item) {
                        double norm = Math.sqrt((double) usersOf.count(item) * usersOf.count(other));
                        evidence.add(other, 1 / (norm + options.shrinkage()));
                    }
                }
            }
            int kept = Math.min(options.neighbours(), evidence.rank());
            int end = Math.addExact(offsets[item], kept);
            if (end > nearest.length) {
                int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, end + end / 2L);
                nearest = Arrays.copyOf(nearest, capacity);
                cosines = Arrays.copyOf(cosines, capacity);
            }
            System.arraycopy(evidence.items(), 0, nearest, offsets[item], kept);
            System.arraycopy(evidence.scores(), 0, cosines, offsets[item], kept);
            offsets[item + 1] = end;
        }
        return new ItemRows(
                offsets, Arrays.copyOf(nearest, offsets[items + 1]), Arrays.copyOf(cosines, offsets[items + 1]));
    }

    @Override
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(neighbours.tensors(NEIGHBOURS, SIMILARITIES));
        tensors.add(order.tensor());
        return tensors;
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        ItemOrder.Evidence evidence = order.new Evidence();
        return (history, out, offset) -> {
            collect(history, evidence);
            evidence.writeTo(out, offset);
        };
    }

    private void collect(History history, ItemOrder.Evidence evidence) {
        double weight = 1;
        for (int i = history.size() - 1; i >= Math.max(0, history.size() - options.maxLen()); i--) {
            int item = history.item(i);
            for (int n = neighbours.offsets()[item]; n < neighbours.offsets()[item + 1]; n++) {
                evidence.add(neighbours.items()[n], weight * neighbours.values()[n]);
            }
            weight *= options.decay();
            if (!options.remind()) {
                evidence.exclude(item);
            }
        }
    }
}
