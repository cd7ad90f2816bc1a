package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.train.internal.AttributeEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Extends a catalogue and a recommender by new items. In every table with one row per item (the input and output embeddings
 * and the output bias), a new item gets the mean of the rows of the items it is similar to. If an encoder knows its
 * attributes, it gets their vector in the embeddings, and the mean of all items elsewhere. New items take the indices
 * after the last item; rows that are not items, such as the row of a mask token, move behind them.
 */
final class AddedItems {
    private final List<String> names;
    /** The indices of the similar items of each new item; of all items for one whose vector comes from the encoder. */
    private final List<int[]> similar = new ArrayList<>();

    /** The attributes of each new item whose vector comes from the encoder; null for others. */
    private final List<@Nullable ItemAttributes> encoded = new ArrayList<>();

    private final @Nullable AttributeEncoder encoder;
    private final int itemCount;

    /** Checks the new items, without an encoder of attributes. */
    AddedItems(IdMap items, List<NewItem> added) {
        this(items, added, null);
    }

    /**
     * Checks the new items. Each may be similar to items before it in the list.
     *
     * @param encoder computes vectors from attributes; null if there is none
     */
    AddedItems(IdMap items, List<NewItem> added, @Nullable AttributeEncoder encoder) {
        this.encoder = encoder;
        itemCount = items.size();
        names = new ArrayList<>(items.names());
        Arguments.requireAll(added, "added");
        int[] every = IntStream.rangeClosed(1, itemCount).toArray();
        for (NewItem item : added) {
            if (item.id().isEmpty()) {
                throw new UserFacingException("new item: the id is empty");
            }
            ItemAttributes own = item.attributes();
            boolean tells = encoder != null && own != null && encoder.tells(own);
            encoded.add(tells ? own : null);
            // Attributes do not say how popular an item is: it gets the mean of all.
            similar.add(tells ? every : similar(items, item));
            names.add(item.id());
        }
    }

    private int[] similar(IdMap items, NewItem item) {
        if (item.similarTo().isEmpty()) {
            throw new UserFacingException(
                    "new item \"" + item.id() + "\": name at least one item that it is similar to");
        }
        Set<Integer> indices = new LinkedHashSet<>();
        for (String like : item.similarTo()) {
            Integer index = items.indexOf(like);
            if (index == null) {
                // An item added earlier in the same list; the list is short, so a linear search will do.
                int place = names.subList(itemCount, names.size()).indexOf(like);
                if (place < 0) {
                    throw new UserFacingException("new item \"" + item.id() + "\": it cannot be similar to \"" + like
                            + "\", which is not in the catalogue of " + names.size() + " items");
                }
                index = itemCount + 1 + place;
            }
            indices.add(index);
        }
        return indices.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The catalogue with the new items at its end. */
    IdMap items() {
        try {
            return new IdMap(names);
        } catch (IllegalArgumentException unfit) {
            throw new UserFacingException("new item: " + unfit.getMessage(), unfit);
        }
    }

    /** The counts with 0 for each new item; an empty array stays empty. */
    long[] popularity(long[] counts) {
        return counts.length == 0 ? counts : Arrays.copyOf(counts, names.size() + 1);
    }

    /** A recommender that knows the new items, too; weights are copied. */
    Recommender extend(Recommender recommender, RunConfig config) {
        return switch (recommender) {
            case MemoryBasedRecommender tables -> tables.withItems(similar);
            case TwoStageRecommender stages ->
                stages.withItems(
                        larger(stages.firstStage().network(), ((TwoStageConfig) config.model()).network()), similar);
            default ->
                new SequenceRecommender(
                        larger(((SequenceRecommender) recommender).network(), (NetworkConfig) config.model()),
                        config.train().maxLen());
        };
    }

    private SequenceModel larger(SequenceModel network, NetworkConfig config) {
        SequenceModel larger = config.create(names.size());
        fill(network, larger);
        return larger;
    }

    /**
     * Fills {@code larger}, a network made for as many items as {@link #items} has, with the parameters of
     * {@code network} and the rows of the new items.
     */
    void fill(SequenceModel network, SequenceModel larger) {
        List<Parameter> from = network.parameters().all();
        List<Parameter> to = larger.parameters().all();
        for (int p = 0; p < from.size(); p++) {
            copy(from.get(p), to.get(p));
        }
        larger.parameters().updated();
    }

    @SuppressWarnings("ReferenceEquality") // other arrays with the same items are only averaged again
    private void copy(Parameter from, Parameter to) {
        if (Arrays.equals(from.shape(), to.shape())) {
            System.arraycopy(from.value(), 0, to.value(), 0, from.size());
            return;
        }
        int[] expected = from.shape();
        expected[0] += similar.size();
        if (!Arrays.equals(expected, to.shape()) || from.extent(0) <= itemCount) {
            throw new IllegalStateException(from.name() + " has no row for each item, yet depends on their number");
        }
        int width = from.size() / from.extent(0);
        int end = (itemCount + 1) * width;
        float[] table = to.value();
        System.arraycopy(from.value(), 0, table, 0, end);
        for (int i = 0; i < similar.size(); i++) {
            float[] vector = vector(from.name(), i);
            if (vector != null) {
                System.arraycopy(vector, 0, table, end + i * width, width);
            } else if (i > 0 && similar.get(i) == similar.get(i - 1) && vector(from.name(), i - 1) == null) {
                // The same items, such as all items for each item of the encoder, have the same mean.
                System.arraycopy(table, end + (i - 1) * width, table, end + i * width, width);
            } else {
                mean(table, similar.get(i), width, end + i * width);
            }
        }
        System.arraycopy(from.value(), end, table, end + similar.size() * width, from.size() - end);
    }

    /** The row of new item i in a table by its attributes; null if it has none, or the table no such rows. */
    private float @Nullable [] vector(String table, int i) {
        ItemAttributes own = encoded.get(i);
        return encoder == null || own == null ? null : encoder.vector(table, own);
    }

    private static void mean(float[] table, int[] rows, int width, int to) {
        for (int c = 0; c < width; c++) {
            double sum = 0;
            for (int row : rows) {
                sum += table[row * width + c];
            }
            table[to + c] = (float) (sum / rows.length);
        }
    }
}
