package io.github.ttt4rec.catalogue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an item, as a shop gives them. Immutable.
 *
 * @param title its name for people
 * @param text a longer description
 * @param group the id shared by all variants of one product
 * @param categories where it lies in the tree of categories
 * @param labels words that apply to it, such as {@code sale}
 * @param values the attributes that the shop names itself, by name
 * @param window when it may be recommended
 */
public record ItemAttributes(
        @Nullable String title,
        @Nullable String text,
        @Nullable String group,
        List<Category> categories,
        List<String> labels,
        Map<String, AttributeValue> values,
        TimeWindow window) {
    /** Nothing is known of the item. */
    public static final ItemAttributes NONE =
            new ItemAttributes(null, null, null, List.of(), List.of(), Map.of(), TimeWindow.ALWAYS);

    /** Copies what can change; a category or label given twice counts once. */
    public ItemAttributes {
        categories = categories.stream().distinct().toList();
        labels = labels.stream().distinct().toList();
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The same without the long text, which no expression reads. */
    ItemAttributes withoutText() {
        return text == null ? this : new ItemAttributes(title, null, group, categories, labels, values, window);
    }
}
