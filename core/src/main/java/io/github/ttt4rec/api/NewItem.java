package io.github.ttt4rec.api;

import io.github.ttt4rec.catalogue.ItemAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An item added after training.
 *
 * @param id its id, new to the catalogue
 * @param similarTo ids of the items that it resembles; at least one, unless the model {@link TrainedModel#encodes} its
 *     attributes
 * @param attributes its attributes, from which a model that was trained with attributes computes its vector; null for
 *     the mean of the vectors of the similar items
 */
public record NewItem(
        String id, List<String> similarTo, @Nullable ItemAttributes attributes) {
    /** An item whose vector is the mean of those of the items that it resembles. */
    public NewItem(String id, List<String> similarTo) {
        this(id, similarTo, null);
    }

    /** An item whose vector is computed from its attributes. */
    public NewItem(String id, ItemAttributes attributes) {
        this(id, List.of(), attributes);
    }

    /** Throws {@link NullPointerException} naming the component or element that is null. */
    public NewItem {
        Objects.requireNonNull(id, "id");
        Arguments.requireAll(similarTo, "similarTo");
    }
}
