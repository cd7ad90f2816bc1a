package io.github.ttt4rec.train.internal;

import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the attributes of an item as a vector: the weighted sum of the learned vectors of its features, one sum for
 * each item table of the network. Immutable and thread-safe.
 */
public final class AttributeEncoder {
    /** The prefix of the names of its tensors. */
    public static final String PREFIX = "content.";

    private static final String VECTORS = PREFIX + "vectors.";

    private final FeatureVocabulary vocabulary;
    /** The vectors of the features {@code (F, width)} for each item table, by its name. */
    private final Map<String, float[]> vectors;

    AttributeEncoder(FeatureVocabulary vocabulary, Map<String, float[]> vectors) {
        this.vocabulary = vocabulary;
        this.vectors = vectors;
    }

    /** Returns whether training has seen a feature of the item, so that its vector says something. */
    public boolean tells(ItemAttributes item) {
        return vocabulary.row(item).columns().length > 0;
    }

    /**
     * The row of an item in a table that it is not in.
     *
     * @param table the name of the network's input or output table
     * @return a new array; all 0 if training has seen none of its features; null if it is no item table
     */
    public float @Nullable [] vector(String table, ItemAttributes item) {
        float[] of = vectors.get(table);
        if (of == null) {
            return null;
        }
        FeatureVocabulary.Row row = vocabulary.row(item);
        int width = of.length / vocabulary.size();
        float[] sum = new float[width];
        for (int f = 0; f < row.columns().length; f++) {
            float weight = (float) row.values()[f];
            int at = row.columns()[f] * width;
            for (int c = 0; c < width; c++) {
                sum[c] += weight * of[at + c];
            }
        }
        return sum;
    }

    /** The vectors of the features for a table that is in the encoder and in the vocabulary of another run. */
    float[] vectors(String table) {
        return Objects.requireNonNull(vectors.get(table));
    }

    FeatureVocabulary vocabulary() {
        return vocabulary;
    }

    /** Everything that {@link #load} needs. Arrays are shared, not copied. */
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(vocabulary.tensors());
        int size = vocabulary.size();
        vectors.forEach((table, values) -> tensors.add(new TensorData.Floats(
                VECTORS + table, new int[] {size, size == 0 ? 0 : values.length / size}, values)));
        return tensors;
    }

    /**
     * Restores an encoder from its {@link #tensors}; empty if the file has none.
     *
     * @param tables the width of each item table, by its name
     * @throws io.github.ttt4rec.UserFacingException if a tensor is missing, damaged or of another shape
     */
    public static Optional<AttributeEncoder> load(TensorFile file, Map<String, Integer> tables) {
        if (file.tensors().keySet().stream().noneMatch(name -> name.startsWith(PREFIX))) {
            return Optional.empty();
        }
        FeatureVocabulary vocabulary = FeatureVocabulary.load(file);
        Map<String, float[]> vectors = new LinkedHashMap<>();
        tables.forEach((table, width) -> vectors.put(table, file.floats(VECTORS + table, vocabulary.size(), width)));
        return Optional.of(new AttributeEncoder(vocabulary, vectors));
    }
}
