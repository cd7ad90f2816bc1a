package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Synthetic catalogues, and a straightforward search for their best items. */
final class Catalogues {
    private Catalogues() {}

    /**
     * Items in clusters; the lengths of their vectors vary by a factor of about 3, and every eighth vector occurs
     * twice.
     */
    static OutputLayer clustered(int items, int d, boolean biased, SplittableRandom random) {
        float[][] centres = new float[Math.max(3, items / 50)][d];
        for (float[] centre : centres) {
            for (int p = 0; p < d; p++) {
                centre[p] = (float) random.nextGaussian();
            }
        }
        float[] table = new float[(items + 1) * d];
        for (int item = 1; item <= items; item++) {
            float[] centre = centres[random.nextInt(centres.length)];
            double length = 0.3 + 0.7 * random.nextDouble();
            int from = item % 8 == 0 ? item / 2 * d : -1;
            for (int p = 0; p < d; p++) {
                table[item * d + p] =
                        from > 0 ? table[from + p] : (float) (length * (0.2 + centre[p] + random.nextGaussian()));
            }
        }
        return layer(items, d, table, biased, random);
    }

    static OutputLayer layer(int items, int d, float[] table, boolean biased, SplittableRandom random) {
        ParameterSet parameters = new ParameterSet();
        Parameter embedding = parameters.declare("table", Parameter.Init.ZERO, items + 1, d);
        System.arraycopy(table, 0, embedding.value(), 0, table.length);
        Parameter bias = null;
        if (biased) {
            bias = parameters.declare("bias", Parameter.Init.ZERO, items + 1);
            for (int item = 0; item <= items; item++) {
                bias.value()[item] = (float) random.nextGaussian();
            }
        }
        parameters.updated();
        return new OutputLayer(embedding, items + 1, bias);
    }

    static float[] vector(int d, double length, SplittableRandom random) {
        float[] vector = new float[d];
        for (int p = 0; p < d; p++) {
            vector[p] = (float) (length * random.nextGaussian());
        }
        return vector;
    }

    static BitSet all(OutputLayer output) {
        BitSet all = new BitSet();
        all.set(1, output.rows());
        return all;
    }

    /** A random set of items, in which each has the probability {@code share}. */
    static BitSet some(OutputLayer output, double share, SplittableRandom random) {
        BitSet some = new BitSet();
        for (int item = 1; item < output.rows(); item++) {
            some.set(item, random.nextDouble() < share);
        }
        return some;
    }

    /** Scores and sorts all items. */
    static List<Integer> naive(OutputLayer output, Request request) {
        float[] scores = new float[output.rows()];
        output.score(1, request.hidden(), scores);
        Comparator<Integer> nanLast = Comparator.comparing(item -> Float.isNaN(scores[item]));
        return request.allowed().stream()
                .filter(item -> item >= 1 && item < output.rows())
                .boxed()
                .sorted(nanLast.thenComparing((a, b) -> Float.isNaN(scores[a]) || scores[a] == scores[b]
                                ? 0
                                : Float.compare(scores[b], scores[a]))
                        .thenComparing(item -> item))
                .limit(Math.max(0, request.k()))
                .toList();
    }

    /** The scores of the items, bit-identical to those of the layer. */
    static float[] scores(OutputLayer output, float[] hidden, List<Integer> items) {
        float[] scores = new float[output.rows()];
        output.score(1, hidden, scores);
        float[] some = new float[items.size()];
        for (int i = 0; i < some.length; i++) {
            some[i] = scores[items.get(i)];
        }
        return some;
    }
}
