package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.internal.AttributeEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the known items that a new item resembles by its attributes, so that it can be recommended before anyone has
 * interacted with it: {@link TrainedModel#withItem} gives it the mean of their vectors. The encoder of a model that was
 * trained with attributes, or else a ridge regression, predicts the new item's vector; the similar items are those whose vectors have the highest cosine with the
 * prediction. Immutable and thread-safe.
 */
public final class ContentItems {
    /** The regression needs at least this many items with attributes. */
    public static final int MIN_ITEMS = 50;

    private final Directions encoder;
    private final List<String> ids;
    /** The vector of each item minus the mean vector, scaled to length 1. */
    private final List<float[]> directions;

    /** Tells in which direction from the mean of all vectors the attributes of an item point. */
    private interface Directions {
        /** The vector of an item with these attributes minus the mean; all 0 if nothing is known of them. */
        float[] of(ItemAttributes item);
    }

    private ContentItems(Directions encoder, List<String> ids, List<float[]> directions) {
        this.encoder = encoder;
        this.ids = ids;
        this.directions = directions;
    }

    /**
     * Prepares the comparison with the items of a model: by the encoder that was trained with it, or else by a regression
     * that is fitted now.
     *
     * @param attributes the attributes of items by id; items that the model does not know are ignored. Not read if the
     *     model {@link TrainedModel#encodesAttributes}
     * @throws UserFacingException if the model has no vectors of items, or has no encoder and fewer than
     *     {@value #MIN_ITEMS} of its items have attributes
     */
    public static ContentItems fit(TrainedModel model, Map<String, ItemAttributes> attributes) {
        SequenceRecommender network = model.firstStage()
                .orElseThrow(() -> new UserFacingException("a model of type "
                        + model.config().model().type() + " has no vectors of items that attributes could predict"));
        Parameter table = network.network().outputTable();
        AttributeEncoder trained = model.encoder().orElse(null);
        int d = table.extent(1);
        List<String> ids = new ArrayList<>();
        List<ItemAttributes> items = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int item = 1; item <= model.items().size(); item++) {
            ItemAttributes own = attributes.get(model.items().name(item));
            if (trained != null || own != null) {
                ids.add(model.items().name(item));
                items.add(own == null ? ItemAttributes.NONE : own);
                vectors.add(Arrays.copyOfRange(table.value(), item * d, (item + 1) * d));
            }
        }
        if (trained != null) {
            double[] mean = mean(vectors, d);
            return new ContentItems(
                    item -> trained.tells(item)
                            ? minus(Objects.requireNonNull(trained.vector(table.name(), item)), mean)
                            : new float[d],
                    ids,
                    directions(vectors, mean));
        }
        if (items.size() < MIN_ITEMS) {
            throw new UserFacingException("of the model's items " + items.size() + " have attributes, and " + MIN_ITEMS
                    + " are needed to tell what a new item is like: store more, or name similar items");
        }
        ContentEncoder encoder = ContentEncoder.fit(items, vectors);
        return new ContentItems(encoder::direction, ids, directions(vectors, encoder.mean()));
    }

    private static double[] mean(List<float[]> vectors, int d) {
        double[] mean = new double[d];
        for (float[] vector : vectors) {
            for (int c = 0; c < d; c++) {
                mean[c] += (double) vector[c] / vectors.size();
            }
        }
        return mean;
    }

    private static List<float[]> directions(List<float[]> vectors, double[] mean) {
        List<float[]> directions = new ArrayList<>(vectors.size());
        for (float[] vector : vectors) {
            directions.add(scaled(minus(vector, mean)));
        }
        return directions;
    }

    private static float[] minus(float[] vector, double[] mean) {
        float[] direction = new float[mean.length];
        for (int c = 0; c < direction.length; c++) {
            direction[c] = (float) (vector[c] - mean[c]);
        }
        return direction;
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
        float[] direction = encoder.of(item);
        return dot(direction, direction) > 0;
    }

    /**
     * The ids of the {@code count} items most similar to an item with these attributes, the most similar first.
     *
     * @throws UserFacingException if no item of the model shares an attribute with it
     */
    public List<String> similarTo(ItemAttributes item, int count) {
        float[] direction = scaled(encoder.of(item));
        if (!tells(item)) {
            throw new UserFacingException(
                    "none of its attributes is one that several items of the model have: name similar items");
        }
        // The best so far, best first; ties by the order of the items.
        int[] best = new int[Math.min(count, ids.size())];
        double[] cosines = new double[best.length];
        int found = 0;
        for (int i = 0; i < directions.size() && best.length > 0; i++) {
            double cosine = dot(direction, directions.get(i));
            if (found == best.length && !(cosine > cosines[found - 1])) {
                continue;
            }
            int at = found < best.length ? found++ : found - 1;
            for (; at > 0 && cosine > cosines[at - 1]; at--) {
                best[at] = best[at - 1];
                cosines[at] = cosines[at - 1];
            }
            best[at] = i;
            cosines[at] = cosine;
        }
        return Arrays.stream(best).mapToObj(ids::get).toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }
}
