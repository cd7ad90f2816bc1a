package io.github.ttt4rec.catalogue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * Finds rows by value: a bitmap for each word and each category, and a column for each numeric attribute.
 * {@link Catalogue} guards it with its lock.
 */
final class AttributeIndex {
    private static final int MIN_COLUMN = 64;

    /** For each attribute and each of its words, the rows with that word. */
    private final Map<String, Map<String, RoaringBitmap>> words = new HashMap<>();
    /** For each category, the rows in it and below it. */
    private final Map<Category, RoaringBitmap> categories = new HashMap<>();
    /** For each attribute, the value of each row; NaN, or beyond the end of the array, for a row without a value. */
    private final Map<String, double[]> numbers = new HashMap<>();
    /** For each attribute, the rows that have any value. */
    private final Map<String, RoaringBitmap> present = new HashMap<>();
    /** The rows with a time window. */
    private final RoaringBitmap windowed = new RoaringBitmap();

    void add(int row, String id, ItemAttributes item) {
        for (Category leaf : item.categories()) {
            leaf.lineage().forEach(category -> set(categories, category).add(row));
            set(present, AttributeNames.CATEGORY).add(row);
        }
        item.labels().forEach(label -> addWord(row, AttributeNames.LABEL, label));
        if (item.group() != null) {
            addWord(row, AttributeNames.GROUP, item.group());
        }
        item.values().forEach((name, value) -> {
            switch (value) {
                case AttributeValue.Quantity number -> addNumber(row, name, number.value());
                case AttributeValue.Words some -> some.words().forEach(word -> addWord(row, name, word));
            }
        });
        if (item.window().hasFrom()) {
            addNumber(row, AttributeNames.FROM, item.window().from());
            windowed.add(row);
        }
        if (item.window().hasUntil()) {
            addNumber(row, AttributeNames.UNTIL, item.window().until());
            windowed.add(row);
        }
    }

    void remove(int row, ItemAttributes item) {
        for (Category leaf : item.categories()) {
            leaf.lineage().forEach(category -> removeFrom(categories, category, row));
            removeFrom(present, AttributeNames.CATEGORY, row);
        }
        item.labels().forEach(label -> removeWord(row, AttributeNames.LABEL, label));
        if (item.group() != null) {
            removeWord(row, AttributeNames.GROUP, item.group());
        }
        item.values().forEach((name, value) -> {
            switch (value) {
                case AttributeValue.Quantity _ -> removeNumber(row, name);
                case AttributeValue.Words some -> some.words().forEach(word -> removeWord(row, name, word));
            }
        });
        removeNumber(row, AttributeNames.FROM);
        removeNumber(row, AttributeNames.UNTIL);
        windowed.remove(row);
    }

    private static <K> RoaringBitmap set(Map<K, RoaringBitmap> sets, K key) {
        return sets.computeIfAbsent(key, same -> new RoaringBitmap());
    }

    private static <K> void removeFrom(Map<K, RoaringBitmap> sets, K key, int row) {
        RoaringBitmap set = sets.get(key);
        if (set != null) {
            set.remove(row);
            if (set.isEmpty()) {
                sets.remove(key);
            }
        }
    }

    private void addWord(int row, String name, String word) {
        set(words.computeIfAbsent(name, same -> new HashMap<>()), word).add(row);
        set(present, name).add(row);
    }

    private void removeWord(int row, String name, String word) {
        removeFrom(words.getOrDefault(name, Map.of()), word, row);
        removeFrom(present, name, row);
    }

    private void addNumber(int row, String name, double value) {
        double[] column = numbers.getOrDefault(name, new double[0]);
        if (row >= column.length) {
            int before = column.length;
            column = Arrays.copyOf(column, Math.max(MIN_COLUMN, Math.max(row + 1, 2 * before)));
            Arrays.fill(column, before, column.length, Double.NaN);
            numbers.put(name, column);
        }
        column[row] = value;
        set(present, name).add(row);
    }

    private void removeNumber(int row, String name) {
        double[] column = numbers.get(name);
        if (column != null && row < column.length) {
            column[row] = Double.NaN;
        }
        removeFrom(present, name, row);
    }

    /** The rows with a word. Callers must not change the set. */
    RoaringBitmap withWord(String name, String word) {
        return words.getOrDefault(name, Map.of()).getOrDefault(word, EMPTY);
    }

    /** The rows in a category or below it. Callers must not change the set. */
    RoaringBitmap in(Category category) {
        return categories.getOrDefault(category, EMPTY);
    }

    /** The rows that have any value of an attribute. Callers must not change the set. */
    RoaringBitmap having(String name) {
        return present.getOrDefault(name, EMPTY);
    }

    /**
     * The value of each row; NaN, or beyond the end of the array, for a row without a value. Callers must not change
     * the array.
     */
    double[] column(String name) {
        return numbers.getOrDefault(name, NONE);
    }

    Map<Category, RoaringBitmap> categories() {
        return categories;
    }

    RoaringBitmap windowed() {
        return windowed;
    }

    private static final RoaringBitmap EMPTY = new RoaringBitmap();
    private static final double[] NONE = {};
}
