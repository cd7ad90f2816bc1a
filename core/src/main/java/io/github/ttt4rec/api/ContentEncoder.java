package io.github.ttt4rec.api;

import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.internal.Cholesky;
import io.github.ttt4rec.train.internal.FeatureVocabulary;
import io.github.ttt4rec.train.internal.FeatureVocabulary.Row;
import java.util.List;

/**
 * Predicts the vector of an item from its attributes by ridge regression (Hoerl and Kennard 1970), in closed form.
 *
 * <p>The features are those of a {@link FeatureVocabulary} of at most {@value #MAX_FEATURES}, or
 * {@value #MAX_FEATURES_WITH_TEXT} with words of texts. The penalty is chosen from a short list: the one that best
 * predicts a held-out tenth of the items from the others.
 */
final class ContentEncoder {
    private static final int MAX_FEATURES = 1_000;
    /** The maximum number of all features, if words of texts are among them. */
    private static final int MAX_FEATURES_WITH_TEXT = 1_500;

    private static final double[] PENALTIES = {0.1, 0.3, 1, 3, 10, 30};
    /** One item in this many is held out to choose the penalty. */
    private static final int HELD_OUT = 10;

    private final FeatureVocabulary vocabulary;
    private final double[] mean;
    /** {@code (features, d)}. */
    private final double[][] coefficients;

    private ContentEncoder(FeatureVocabulary vocabulary, double[] mean, double[][] coefficients) {
        this.vocabulary = vocabulary;
        this.mean = mean;
        this.coefficients = coefficients;
    }

    /** Fits an encoder to items and their vectors, each of length d. */
    static ContentEncoder fit(List<ItemAttributes> items, List<float[]> vectors) {
        FeatureVocabulary vocabulary = FeatureVocabulary.of(items, MAX_FEATURES, MAX_FEATURES_WITH_TEXT);
        List<Row> rows = items.stream().map(vocabulary::row).toList();
        int d = vectors.getFirst().length;
        double best = PENALTIES[0];
        double least = Double.POSITIVE_INFINITY;
        Sums most = new Sums(vocabulary.size(), d, rows, vectors, false);
        for (double penalty : PENALTIES) {
            double error = most.heldOutError(penalty);
            if (error < least) {
                least = error;
                best = penalty;
            }
        }
        Sums all = new Sums(vocabulary.size(), d, rows, vectors, true);
        return new ContentEncoder(vocabulary, all.mean, all.coefficients(best));
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
            for (int a = 0; a < row.columns().length; a++) {
                for (int b = 0; b < row.columns().length; b++) {
                    gram[row.columns()[a]][row.columns()[b]] += row.values()[a] * row.values()[b];
                }
                double[] to = products[row.columns()[a]];
                for (int c = 0; c < vector.length; c++) {
                    to[c] += row.values()[a] * (vector[c] - mean[c]);
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
        for (int a = 0; a < row.columns().length; a++) {
            double[] from = coefficients[row.columns()[a]];
            for (int c = 0; c < vector.length; c++) {
                vector[c] += row.values()[a] * from[c];
            }
        }
        return vector;
    }

    /**
     * The predicted vector minus the mean of all vectors: the direction in which the attributes point. All 0 if no
     * attribute is known.
     */
    float[] direction(ItemAttributes item) {
        double[] vector = predicted(vocabulary.row(item), new double[mean.length], coefficients);
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
}
