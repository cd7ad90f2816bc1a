package io.github.ttt4rec.catalogue;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an item, as a shop gives them. Immutable.
 *
 * @param title the name shown to people
 * @param text a longer description
 * @param group the id shared by all variants of one product
 * @param categories its categories
 * @param labels its labels, such as {@code sale}
 * @param values the values of the attributes that the shop defines, by name
 * @param window the time window in which it may be recommended
 */
public record ItemAttributes(
        @Nullable String title,
        @Nullable String text,
        @Nullable String group,
        List<Category> categories,
        List<String> labels,
        Map<String, AttributeValue> values,
        TimeWindow window) {
    /** The attributes of an item about which nothing is known. */
    public static final ItemAttributes NONE =
            new ItemAttributes(null, null, null, List.of(), List.of(), Map.of(), TimeWindow.ALWAYS);

    /** Copies the collections; repeated categories and labels are dropped. */
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
