package io.github.ttt4rec.api;

import java.util.List;
import java.util.Objects;

/**
 * An item added after training.
 *
 * @param id its id, new to the catalogue
 * @param similarTo ids of the items that it resembles, at least one
 */
public record NewItem(String id, List<String> similarTo) {
    /** Throws {@link NullPointerException} naming the component or element that is null. */
    public NewItem {
        Objects.requireNonNull(id, "id");
        Arguments.requireAll(similarTo, "similarTo");
    }
}
