package io.github.ttt4rec.kernels;

/** Gated recurrent units and additive attention. */
interface ScalarRecurrent extends RecurrentKernels {
    @Override
    default void gru(int rows, int n, Slice gates, Slice recurrent, Slice previous, Slice next) {
        for (int row = 0; row < rows; row++) {
            int a = row * 3 * n;
            int h = row * n;
            for (int i = 0; i < n; i++) {
                double r = ScalarMath.sigmoid((double) gates.get(a + i) + recurrent.get(a + i));
                double z = ScalarMath.sigmoid((double) gates.get(a + n + i) + recurrent.get(a + n + i));
                double c = Math.tanh(gates.get(a + 2 * n + i) + r * recurrent.get(a + 2 * n + i));
                gates.set(a + i, (float) r);
                gates.set(a + n + i, (float) z);
                gates.set(a + 2 * n + i, (float) c);
                next.set(h + i, (float) ((1 - z) * c + z * previous.get(h + i)));
            }
        }
    }

    @Override
    default void gruBackward(
            int rows, int n, Slice gates, Slice recurrent, Slice previous, Slice dNext, Slice dPrevious) {
        for (int row = 0; row < rows; row++) {
            int a = row * 3 * n;
            int h = row * n;
            for (int i = 0; i < n; i++) {
                double r = gates.get(a + i);
                double z = gates.get(a + n + i);
                double c = gates.get(a + 2 * n + i);
                double d = dNext.get(h + i);
                double dUpdate = d * (previous.get(h + i) - c) * z * (1 - z);
                double dCandidate = d * (1 - z) * (1 - c * c);
                double dReset = dCandidate * recurrent.get(a + 2 * n + i) * r * (1 - r);
                gates.set(a + i, (float) dReset);
                gates.set(a + n + i, (float) dUpdate);
                gates.set(a + 2 * n + i, (float) dCandidate);
                recurrent.set(a + i, (float) dReset);
                recurrent.set(a + n + i, (float) dUpdate);
                recurrent.set(a + 2 * n + i, (float) (dCandidate * r));
                dPrevious.add(h + i, (float) (d * z));
            }
        }
    }

    @Override
    default void sigmoidScores(int rows, Slice query, Matrix keys, float[] weight, Slice y) {
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < keys.row(); i++) {
                sum += weight[i] * ScalarMath.sigmoid((double) query.get(i) + keys.get(row, i));
            }
            y.set(row, (float) sum);
        }
    }

    @Override
    default void sigmoidScoresBackward(
            int rows, Slice query, Matrix keys, float[] weight, Slice dy, Slice dQuery, Slice dKeys, float[] dWeight) {
        int n = keys.row();
        for (int row = 0; row < rows; row++) {
            double d = dy.get(row);
            for (int i = 0; i < n; i++) {
                double s = ScalarMath.sigmoid((double) query.get(i) + keys.get(row, i));
                float slope = (float) (d * weight[i] * s * (1 - s));
                dWeight[i] += (float) (d * s);
                dQuery.add(i, slope);
                dKeys.add(row * n + i, slope);
            }
        }
    }
}
