package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.recommend.SequenceRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds the known items that a new item resembles by its attributes, so that it can be recommended before anyone has
 * interacted with it: {@link TrainedModel#withItem} gives it the mean of their vectors. A ridge regression predicts the
 * new item's vector from its attributes; the similar items are those whose vectors have the highest cosine with the
 * prediction. Immutable and thread-safe.
 */
public final class ContentItems {
    /** The regression needs at least this many items with attributes. */
    public static final int MIN_ITEMS = 50;

    private final ContentEncoder encoder;
    private final List<String> ids;
    /** The vector of each item minus the mean vector, scaled to length 1. */
    private final List<float[]> directions;

    private ContentItems(ContentEncoder encoder, List<String> ids, List<float[]> directions) {
        this.encoder = encoder;
        this.ids = ids;
        this.directions = directions;
    }

    /**
     * Fits the regression to the items of a model.
     *
     * @param attributes the attributes of items by id; items that the model does not know are ignored
     * @throws UserFacingException if the model has no vectors of items, or fewer than {@value #MIN_ITEMS} of its items
     *     have attributes
     */
    public static ContentItems fit(TrainedModel model, Map<String, ItemAttributes> attributes) {
        SequenceRecommender network = model.firstStage()
                .orElseThrow(() -> new UserFacingException("a model of type "
                        + model.config().model().type() + " has no vectors of items that attributes could predict"));
        Parameter table = network.network().outputTable();
        int d = table.extent(1);
        List<String> ids = new ArrayList<>();
        List<ItemAttributes> items = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int item = 1; item <= model.items().size(); item++) {
            ItemAttributes own = attributes.get(model.items().name(item));
            if (own != null) {
                ids.add(model.items().name(item));
                items.add(own);
                vectors.add(Arrays.copyOfRange(table.value(), item * d, (item + 1) * d));
            }
        }
        if (items.size() < MIN_ITEMS) {
            throw new UserFacingException("of the model's items " + items.size() + " have attributes, and " + MIN_ITEMS
                    + " are needed to tell what a new item is like: store more, or name similar items");
        }
        ContentEncoder encoder = ContentEncoder.fit(items, vectors);
        double[] mean = encoder.mean();
        List<float[]> directions = new ArrayList<>(vectors.size());
        for (float[] vector : vectors) {
            float[] direction = new float[d];
            for (int c = 0; c < d; c++) {
                direction[c] = (float) (vector[c] - mean[c]);
            }
            directions.add(scaled(direction));
        }
        return new ContentItems(encoder, ids, directions);
    }

    private static float[] scaled(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += value * value;
        }
        float factor = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
        for (int c = 0; c < vector.length; c++) {
            vector[c] *= factor;
        }
        return vector;
    }

    /**
     * Returns whether the item shares an attribute with several items of the model, so that {@link #similarTo} has
     * something to go by.
     */
    public boolean tells(ItemAttributes item) {
        float[] direction = encoder.direction(item);
        return dot(direction, direction) > 0;
    }

    /**
     * The ids of the {@code count} items most similar to an item with these attributes, the most similar first.
     *
     * @throws UserFacingException if no item of the model shares an attribute with it
     */
    public List<String> similarTo(ItemAttributes item, int count) {
        float[] direction = scaled(encoder.direction(item));
        if (!tells(item)) {
            throw new UserFacingException(
                    "none of its attributes is one that several items of the model have: name similar items");
        }
        double[] cosines = new double[ids.size()];
        Integer[] order = new Integer[ids.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
            cosines[i] = dot(direction, directions.get(i));
        }
        Arrays.sort(order, Comparator.<Integer>comparingDouble(i -> cosines[i]).reversed());
        return Arrays.stream(order).limit(count).map(ids::get).toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }
}
