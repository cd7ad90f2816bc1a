package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The map from a vector h to one score for each item, {@code score[v] = h·E[v] + b[v]}.
 *
 * @param table E; rows beyond {@code rows}, such as that of a mask token, have no score
 * @param rows V + 1: the items and, as row 0, padding
 * @param bias b {@code (V + 1)}; null for none
 */
public record OutputLayer(
        Parameter table, int rows, @Nullable Parameter bias) {
    private static final Kernels KERNELS = Kernels.active();

    /** A layer over all rows of the table, without a bias. */
    public static OutputLayer of(Parameter table) {
        return new OutputLayer(table, table.extent(0), null);
    }

    /** Checks that the table and the bias have enough rows. */
    public OutputLayer {
        if (rows > table.extent(0) || (bias != null && bias.size() != rows)) {
            throw new IllegalArgumentException("an output layer of " + rows + " rows needs a table and a bias of them");
        }
    }

    /**
     * Computes the scores of items {@code first .. first + count − 1} for some vectors.
     *
     * @param first a multiple of {@link PackedMatrix#PANEL}
     * @param count a multiple of {@link PackedMatrix#PANEL}, or the number of all remaining items
     * @param vectors the number of vectors
     * @param hidden {@code (vectors, d)}, from {@code offset}
     * @param scores receives {@code (vectors, count)} from {@code scoresOffset} on, with rows {@code stride} apart
     */
    void score(
            int first,
            int count,
            int vectors,
            float[] hidden,
            int offset,
            float[] scores,
            int scoresOffset,
            int stride) {
        if (bias != null) {
            for (int r = 0; r < vectors; r++) {
                System.arraycopy(bias.value(), first, scores, scoresOffset + r * stride, count);
            }
        }
        Matrix x = Matrix.of(hidden, offset, table.extent(1));
        for (int done = 0; done < count; done += PackedMatrix.PANEL) {
            int panel = (first + done) / PackedMatrix.PANEL;
            Matrix y = Matrix.of(scores, scoresOffset + done, stride);
            table.packed()
                    .multiplyPanel(panel, Math.min(PackedMatrix.PANEL, count - done), vectors, x, y, bias != null);
        }
    }

    /** Computes the scores {@code (count, V + 1)} of {@code count} vectors {@code (count, d)}. */
    public void score(int count, float[] hidden, float[] scores) {
        score(0, rows, count, hidden, 0, scores, 0, rows);
    }

    /**
     * Computes the scores of the items in panels {@code firstPanel .. lastPanel − 1} of {@link PackedMatrix#PANEL}
     * items each. They are bit-identical to those of {@link #score}.
     *
     * @param scores receives {@code (count, items)}; scores beyond the last item are undefined
     */
    public void scorePanels(int firstPanel, int lastPanel, int count, float[] hidden, float[] scores, int stride) {
        int first = firstPanel * PackedMatrix.PANEL;
        if (bias != null) {
            int biased = Math.min(rows, lastPanel * PackedMatrix.PANEL) - first;
            for (int r = 0; r < count; r++) {
                System.arraycopy(bias.value(), first, scores, r * stride, biased);
            }
        }
        for (int panel = firstPanel; panel < lastPanel; panel++) {
            int offset = (panel - firstPanel) * PackedMatrix.PANEL;
            table.packed().multiplyPanel(panel, count, hidden, 0, scores, offset, stride, bias != null);
        }
    }

    /** The score of one item. */
    float score(float[] hidden, int offset, int item) {
        int d = table.extent(1);
        float product = KERNELS.dot(d, hidden, offset, table.value(), item * d);
        return bias == null ? product : product + bias.value()[item];
    }
}
