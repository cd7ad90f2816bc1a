package io.github.ttt4rec.api;

import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.internal.Cholesky;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the vector of an item from its attributes by ridge regression (Hoerl and Kennard 1970), in closed form.
 *
 * <p>An item's features are its categories and their ancestors, its labels, its group, its words, the words of its
 * title and of its text, and each of its numbers rounded down to a power of √2. Only the most frequent features that at
 * least two items share are used, and of the words of texts only those that at most half of the items have. A
 * feature's weight is {@code log(1 + items / items with the feature)}. The weights of an item are scaled to length 1,
 * those of its text's words and the others apart if it has both, so that a long text does not outweigh them. The
 * penalty is chosen from a short list: the one that best predicts a held-out tenth of the items from the others.
 */
final class ContentEncoder {
    private static final int MAX_FEATURES = 1_000;
    /** The maximum number of all features, if words of texts are among them. */
    private static final int MAX_FEATURES_WITH_TEXT = 1_500;

    private static final double MAX_SHARE_OF_TEXT_FEATURE = 0.5;
    private static final int MIN_ITEMS_OF_FEATURE = 2;
    private static final String TEXT = "text ";
    private static final double[] PENALTIES = {0.1, 0.3, 1, 3, 10, 30};
    /** One item in this many is held out to choose the penalty. */
    private static final int HELD_OUT = 10;

    private final Map<String, Integer> columns;
    private final double[] weights;
    /** The columns from this one on are those of the words of texts. */
    private final int others;

    private final double[] mean;
    /** {@code (features, d)}. */
    private final double[][] coefficients;

    private ContentEncoder(
            Map<String, Integer> columns, double[] weights, int others, double[] mean, double[][] coefficients) {
        this.columns = columns;
        this.weights = weights;
        this.others = others;
        this.mean = mean;
        this.coefficients = coefficients;
    }

    /** An item's features that the encoder uses: their columns and values. */
    private record Row(int[] columns, double[] values) {}

    /** Fits an encoder to items and their vectors, each of length d. */
    static ContentEncoder fit(List<ItemAttributes> items, List<float[]> vectors) {
        Map<String, Integer> frequencies = new HashMap<>();
        List<Set<String>> features = new ArrayList<>(items.size());
        for (ItemAttributes item : items) {
            Set<String> own = features(item);
            features.add(own);
            own.forEach(feature -> frequencies.merge(feature, 1, Integer::sum));
        }
        List<String> kept = new ArrayList<>(mostFrequent(frequencies, false, items.size(), MAX_FEATURES));
        int others = kept.size();
        kept.addAll(mostFrequent(
                frequencies, true, (int) (MAX_SHARE_OF_TEXT_FEATURE * items.size()), MAX_FEATURES_WITH_TEXT - others));
        Map<String, Integer> columns = new HashMap<>();
        double[] weights = new double[kept.size()];
        for (int c = 0; c < weights.length; c++) {
            columns.put(kept.get(c), c);
            weights[c] = Math.log1p((double) items.size() / frequencies.getOrDefault(kept.get(c), 1));
        }
        List<Row> rows =
                features.stream().map(own -> row(own, columns, weights, others)).toList();
        int d = vectors.getFirst().length;
        double best = PENALTIES[0];
        double least = Double.POSITIVE_INFINITY;
        Sums most = new Sums(weights.length, d, rows, vectors, false);
        for (double penalty : PENALTIES) {
            double error = most.heldOutError(penalty);
            if (error < least) {
                least = error;
                best = penalty;
            }
        }
        Sums all = new Sums(weights.length, d, rows, vectors, true);
        return new ContentEncoder(columns, weights, others, all.mean, all.coefficients(best));
    }

    /** The most frequent features that from two to {@code most} items share: those of texts, or the others. */
    private static List<String> mostFrequent(Map<String, Integer> frequencies, boolean text, int most, int limit) {
        return frequencies.entrySet().stream()
                .filter(each -> each.getKey().startsWith(TEXT) == text)
                .filter(each -> each.getValue() >= MIN_ITEMS_OF_FEATURE && each.getValue() <= most)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The sums over some items from which the mean vector and the normal equations are formed. */
    private static final class Sums {
        private final List<Row> rows;
        private final List<float[]> vectors;
        private final double[] mean;
        private final double[][] gram;
        /** {@code (features, d)}. */
        private final double[][] products;

        Sums(int features, int d, List<Row> rows, List<float[]> vectors, boolean all) {
            this.rows = rows;
            this.vectors = vectors;
            mean = new double[d];
            gram = new double[features][features];
            products = new double[features][d];
            int count = 0;
            for (int i = 0; i < rows.size(); i++) {
                if (all || i % HELD_OUT != 0) {
                    count++;
                    for (int c = 0; c < d; c++) {
                        mean[c] += vectors.get(i)[c];
                    }
                }
            }
            for (int c = 0; c < d; c++) {
                mean[c] /= Math.max(1, count);
            }
            for (int i = 0; i < rows.size(); i++) {
                if (all || i % HELD_OUT != 0) {
                    add(rows.get(i), vectors.get(i));
                }
            }
        }

        private void add(Row row, float[] vector) {
            for (int a = 0; a < row.columns.length; a++) {
                for (int b = 0; b < row.columns.length; b++) {
                    gram[row.columns[a]][row.columns[b]] += row.values[a] * row.values[b];
                }
                double[] to = products[row.columns[a]];
                for (int c = 0; c < vector.length; c++) {
                    to[c] += row.values[a] * (vector[c] - mean[c]);
                }
            }
        }

        double[][] coefficients(double penalty) {
            double[][] matrix = new double[gram.length][];
            for (int f = 0; f < gram.length; f++) {
                matrix[f] = gram[f].clone();
                matrix[f][f] += penalty;
            }
            Cholesky.factor(matrix);
            double[][] solution = new double[gram.length][mean.length];
            for (int c = 0; c < mean.length; c++) {
                double[] right = new double[gram.length];
                for (int f = 0; f < right.length; f++) {
                    right[f] = products[f][c];
                }
                double[] column = Cholesky.solveFactored(matrix, right);
                for (int f = 0; f < right.length; f++) {
                    solution[f][c] = column[f];
                }
            }
            return solution;
        }

        double heldOutError(double penalty) {
            double[][] solution = coefficients(penalty);
            double error = 0;
            for (int i = 0; i < rows.size(); i += HELD_OUT) {
                double[] predicted = predicted(rows.get(i), mean, solution);
                for (int c = 0; c < predicted.length; c++) {
                    double off = predicted[c] - vectors.get(i)[c];
                    error += off * off;
                }
            }
            return error;
        }
    }

    private static double[] predicted(Row row, double[] mean, double[][] coefficients) {
        double[] vector = mean.clone();
        for (int a = 0; a < row.columns.length; a++) {
            double[] from = coefficients[row.columns[a]];
            for (int c = 0; c < vector.length; c++) {
                vector[c] += row.values[a] * from[c];
            }
        }
        return vector;
    }

    private static Row row(Set<String> features, Map<String, Integer> columns, double[] weights, int others) {
        int[] found = features.stream()
                .map(columns::get)
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

    /**
     * The predicted vector minus the mean of all vectors: the direction in which the attributes point. All 0 if no
     * attribute is known.
     */
    float[] direction(ItemAttributes item) {
        double[] vector =
                predicted(row(features(item), columns, weights, others), new double[mean.length], coefficients);
        float[] direction = new float[vector.length];
        for (int c = 0; c < vector.length; c++) {
            direction[c] = (float) vector[c];
        }
        return direction;
    }

    /** The mean of the vectors that the encoder was fitted to. */
    double[] mean() {
        return mean;
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
}
