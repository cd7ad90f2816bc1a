package io.github.ttt4rec.benchmarks.models;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Synthetic vectors of items and users, distributed like learned ones. Items are in clusters whose sizes follow Zipf's
 * law, with half of the variance within the clusters; the mean is not zero; lengths grow with the logarithm of
 * popularity, which also follows Zipf's law. A user's vector is a mixture of some items and noise.
 *
 * @param items V
 * @param d the size of the vectors
 * @param seed the seed; the same seed gives the same vectors
 */
public record SyntheticCatalogue(int items, int d, long seed) {
    private static final int ITEMS_OF_A_CLUSTER = 500;
    private static final double CLUSTER_EXPONENT = 0.7;
    private static final double POPULARITY_EXPONENT = 0.8;
    private static final double LENGTH_GROWTH = 0.12;
    private static final int ITEMS_OF_A_USER = 3;

    /** Returns the items' vectors as an output layer. */
    public OutputLayer outputLayer() {
        ParameterSet parameters = new ParameterSet();
        Parameter table = parameters.declare("table", Parameter.Init.ZERO, items + 1, d);
        fill(table.value());
        parameters.updated();
        return OutputLayer.of(table);
    }

    private void fill(float[] table) {
        SplittableRandom random = new SplittableRandom(seed);
        double unit = 1 / Math.sqrt(d);
        float[][] centres = new float[Math.max(10, items / ITEMS_OF_A_CLUSTER)][d];
        double[] cumulative = new double[centres.length];
        double sum = 0;
        for (int cluster = 0; cluster < centres.length; cluster++) {
            sum += Math.pow(cluster + 1, -CLUSTER_EXPONENT);
            cumulative[cluster] = sum;
            gaussian(centres[cluster], unit, random);
        }
        float[] mean = new float[d];
        gaussian(mean, 0.3 * unit, random);
        for (int item = 1; item <= items; item++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            float[] centre = centres[found < 0 ? -found - 1 : found];
            // The item's rank r is uniform in 1..V; 1 is the least popular.
            double popularity = Math.pow((double) items / (1 + random.nextInt(items)), POPULARITY_EXPONENT);
            double length = 1 + LENGTH_GROWTH * Math.log(popularity);
            for (int p = 0; p < d; p++) {
                double x = mean[p] + 0.7 * centre[p] + 0.7 * unit * random.nextGaussian();
                table[item * d + p] = (float) (length * x);
            }
        }
    }

    /** Returns vectors of users. */
    public float[][] users(OutputLayer output, int count) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        float[] table = output.table().value();
        float[][] users = new float[count][d];
        for (float[] user : users) {
            gaussian(user, 4 / Math.sqrt(d), random);
            for (int i = 0; i < ITEMS_OF_A_USER; i++) {
                int item = 1 + random.nextInt(items);
                for (int p = 0; p < d; p++) {
                    user[p] += 3 * table[item * d + p];
                }
            }
        }
        return users;
    }

    private static void gaussian(float[] vector, double deviation, SplittableRandom random) {
        for (int p = 0; p < vector.length; p++) {
            vector[p] = (float) (deviation * random.nextGaussian());
        }
    }
}
