package io.github.ttt4rec.train.internal;

import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The features by which items are compared. An item's features are its categories and their ancestors, its labels, its
 * group, its words, the words of its title and of its text, and each of its numbers rounded down to a power of √2.
 *
 * <p>Only the most frequent features that at least two items share are kept, because a feature of a single item says
 * nothing of other items, and of the words of texts only those that at most half of the items have. A feature's weight
 * is {@code log(1 + items / items with the feature)}. The weights of an item are scaled to length 1, those of its
 * text's words and the others apart if it has both, so that a long text does not outweigh them. A feature is known by a
 * hash of 64 bits. Immutable and thread-safe.
 */
public final class FeatureVocabulary {
    private static final double MAX_SHARE_OF_TEXT_FEATURE = 0.5;
    private static final int MIN_ITEMS_OF_FEATURE = 2;
    private static final String TEXT = "text ";
    private static final String PREFIX = AttributeEncoder.PREFIX;
    private static final String HASHES = PREFIX + "features";
    private static final String COUNTS = PREFIX + "feature_counts";
    private static final String SIZES = PREFIX + "sizes";

    private final long[] hashes;
    private final int[] counts;
    private final int items;
    /** The columns from this one on are those of the words of texts. */
    private final int others;

    private final Map<Long, Integer> columns;
    private final double[] weights;

    private FeatureVocabulary(long[] hashes, int[] counts, int items, int others) {
        this.hashes = hashes;
        this.counts = counts;
        this.items = items;
        this.others = others;
        columns = HashMap.newHashMap(hashes.length);
        weights = new double[hashes.length];
        for (int c = 0; c < weights.length; c++) {
            columns.put(hashes[c], c);
            weights[c] = Math.log1p((double) items / counts[c]);
        }
    }

    /**
     * An item's features that are in the vocabulary.
     *
     * @param columns their columns, ascending
     * @param values their weights, whose squares add up to 1
     */
    public record Row(int[] columns, double[] values) {}

    /**
     * Collects the features of some items.
     *
     * @param limit the maximum number of features that are not words of texts
     * @param limitWithText the maximum number of all features
     */
    public static FeatureVocabulary of(Collection<ItemAttributes> items, int limit, int limitWithText) {
        Map<String, Integer> frequencies = new HashMap<>();
        for (ItemAttributes item : items) {
            features(item).forEach(feature -> frequencies.merge(feature, 1, Integer::sum));
        }
        List<Map.Entry<String, Integer>> named = mostFrequent(frequencies, false, items.size(), limit);
        List<Map.Entry<String, Integer>> words = mostFrequent(
                frequencies, true, (int) (MAX_SHARE_OF_TEXT_FEATURE * items.size()), limitWithText - named.size());
        long[] hashes = new long[named.size() + words.size()];
        int[] counts = new int[hashes.length];
        for (int c = 0; c < hashes.length; c++) {
            Map.Entry<String, Integer> feature = c < named.size() ? named.get(c) : words.get(c - named.size());
            hashes[c] = hash(feature.getKey());
            counts[c] = feature.getValue();
        }
        return new FeatureVocabulary(hashes, counts, items.size(), named.size());
    }

    /** The most frequent features that from two to {@code most} items share: those of texts, or the others. */
    private static List<Map.Entry<String, Integer>> mostFrequent(
            Map<String, Integer> frequencies, boolean text, int most, int limit) {
        return frequencies.entrySet().stream()
                .filter(each -> each.getKey().startsWith(TEXT) == text)
                .filter(each -> each.getValue() >= MIN_ITEMS_OF_FEATURE && each.getValue() <= most)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .toList();
    }

    /** FNV-1a over the characters, then mixed. */
    private static long hash(String feature) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < feature.length(); i++) {
            hash = (hash ^ feature.charAt(i)) * 0x100000001B3L;
        }
        return SplitMix.mix(hash);
    }

    /** The number of features. */
    public int size() {
        return hashes.length;
    }

    /** The hash of each feature by column; not a copy. */
    long[] hashes() {
        return hashes;
    }

    /** The column of the feature with a hash; −1 if it is not in the vocabulary. */
    int column(long hash) {
        return columns.getOrDefault(hash, -1);
    }

    /** The features of an item that are in the vocabulary; none if nothing is known about it. */
    public Row row(ItemAttributes item) {
        int[] found = features(item).stream()
                .map(feature -> columns.get(hash(feature)))
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        double ofOthers = 0;
        double ofText = 0;
        for (int column : found) {
            double square = weights[column] * weights[column];
            ofOthers += column < others ? square : 0;
            ofText += column < others ? 0 : square;
        }
        int parts = ofOthers > 0 && ofText > 0 ? 2 : 1;
        double length = Math.sqrt(ofOthers * parts);
        double textLength = Math.sqrt(ofText * parts);
        return new Row(
                found,
                Arrays.stream(found)
                        .mapToDouble(c -> weights[c] / (c < others ? length : textLength))
                        .toArray());
    }

    private static Set<String> features(ItemAttributes item) {
        Set<String> features = new LinkedHashSet<>();
        for (Category category : item.categories()) {
            for (int depth = 1; depth <= category.path().size(); depth++) {
                features.add("category " + category.at(depth));
            }
        }
        item.labels().forEach(label -> features.add("label " + label));
        if (item.group() != null) {
            features.add("group " + item.group());
        }
        item.values().forEach((name, value) -> {
            switch (value) {
                case AttributeValue.Quantity(double number) -> features.add(name + " " + band(number));
                case AttributeValue.Words(List<String> words) -> words.forEach(word -> features.add(name + " " + word));
            }
        });
        addWords("title ", item.title(), features);
        addWords(TEXT, item.text(), features);
        return features;
    }

    private static void addWords(String prefix, @Nullable String text, Set<String> features) {
        if (text == null) {
            return;
        }
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (word.length() > 1) {
                features.add(prefix + (word.length() > 3 ? word.replaceFirst("s$", "") : word));
            }
        }
    }

    private static long band(double number) {
        return number == 0
                ? 0
                : Math.round(Math.signum(number) * (100 + Math.floor(2 * Math.log(Math.abs(number)) / Math.log(2))));
    }

    List<TensorData> tensors() {
        return List.of(
                new TensorData.Longs(HASHES, new int[] {hashes.length}, hashes),
                new TensorData.Ints(COUNTS, new int[] {counts.length}, counts),
                new TensorData.Ints(SIZES, new int[] {2}, new int[] {items, others}));
    }

    static FeatureVocabulary load(TensorFile file) {
        int size = file.shape(HASHES).length == 1 ? file.shape(HASHES)[0] : -1;
        long[] hashes = file.longs(HASHES, size);
        int[] counts = file.ints(COUNTS, size);
        int[] sizes = file.ints(SIZES, 2);
        file.requireRange(COUNTS, 1, Math.max(1, sizes[0]));
        if (sizes[1] < 0 || sizes[1] > size || Arrays.stream(hashes).distinct().count() != size) {
            throw file.problem(HASHES, "does not fit the other tensors of the encoder");
        }
        return new FeatureVocabulary(hashes, counts, sizes[0], sizes[1]);
    }
}
