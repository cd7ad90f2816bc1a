package io.github.ttt4rec.recommend;

import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A memory-based recommender with items added to its catalogue; see {@link MemoryBasedRecommender#withItems}. */
final class ExtendedRecommender extends MemoryBasedRecommender {
    private static final String OFFSETS = "added.offsets";
    private static final String SIMILAR = "added.similar";

    private final MemoryBasedRecommender base;
    private final List<int[]> similar;

    ExtendedRecommender(MemoryBasedRecommender base, List<int[]> similar) {
        super(base.itemCount() + similar.size(), (int) base.longestHistory());
        this.base = base;
        this.similar = List.copyOf(similar);
    }

    /** Loads the recommender in {@code tables}, with its added items if it has any. */
    static MemoryBasedRecommender read(MemoryBasedConfig config, TensorFile tables, int itemCount) {
        if (!tables.tensors().containsKey(OFFSETS)) {
            return config.load(tables, itemCount);
        }
        int[] offsets = tables.ints(OFFSETS, tables.shape(OFFSETS));
        int[] items = tables.ints(SIMILAR, tables.shape(SIMILAR));
        int added = offsets.length - 1;
        if (added < 1 || added >= itemCount) {
            throw tables.problem(OFFSETS, "lists " + added + " added items of a catalogue of " + itemCount);
        }
        tables.requireOffsets(OFFSETS, items.length);
        List<int[]> similar = new ArrayList<>();
        for (int i = 0; i < added; i++) {
            int[] of = Arrays.copyOfRange(items, offsets[i], offsets[i + 1]);
            int known = itemCount - added + i;
            if (of.length == 0 || Arrays.stream(of).anyMatch(item -> item < 1 || item > known)) {
                throw tables.problem(
                        SIMILAR, "names an item that is not in the catalogue before added item " + (i + 1));
            }
            similar.add(of);
        }
        return new ExtendedRecommender(config.load(tables, itemCount - added), similar);
    }

    @Override
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(base.tensors());
        int[] offsets = new int[similar.size() + 1];
        for (int i = 0; i < similar.size(); i++) {
            offsets[i + 1] = offsets[i] + similar.get(i).length;
        }
        int[] items = similar.stream().flatMapToInt(Arrays::stream).toArray();
        tensors.add(new TensorData.Ints(OFFSETS, new int[] {offsets.length}, offsets));
        tensors.add(new TensorData.Ints(SIMILAR, new int[] {items.length}, items));
        return tensors;
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        HistoryScorer scorer = base.newHistoryScorer();
        return (history, out, offset) -> {
            scorer.score(known(history), out, offset);
            for (int i = 0; i < similar.size(); i++) {
                double sum = 0;
                for (int item : similar.get(i)) {
                    sum += out[offset + item];
                }
                out[offset + base.itemCount() + 1 + i] = (float) (sum / similar.get(i).length);
            }
        };
    }

    /** The history with each added item replaced by the first item it is similar to. */
    private History known(History history) {
        int[] items = new int[history.size()];
        long[] times = new long[history.hasTimes() ? items.length : 0];
        for (int i = 0; i < items.length; i++) {
            int item = history.item(i);
            while (item > base.itemCount()) {
                item = similar.get(item - base.itemCount() - 1)[0];
            }
            items[i] = item;
            if (times.length > 0) {
                times[i] = history.time(i);
            }
        }
        return new History(items, times, 0, items.length, history.now());
    }
}
