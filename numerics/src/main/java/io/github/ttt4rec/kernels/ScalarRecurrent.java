package io.github.ttt4rec.kernels;

/** Gated recurrent units and additive attention. */
interface ScalarRecurrent extends RecurrentKernels {
    @Override
    default void gru(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] next,
            int nextOffset) {
        for (int row = 0; row < rows; row++) {
            int a = gatesOffset + row * 3 * n;
            int b = recurrentOffset + row * 3 * n;
            for (int i = 0; i < n; i++) {
                double r = ScalarMath.sigmoid((double) gates[a + i] + recurrent[b + i]);
                double z = ScalarMath.sigmoid((double) gates[a + n + i] + recurrent[b + n + i]);
                double c = Math.tanh(gates[a + 2 * n + i] + r * recurrent[b + 2 * n + i]);
                gates[a + i] = (float) r;
                gates[a + n + i] = (float) z;
                gates[a + 2 * n + i] = (float) c;
                next[nextOffset + row * n + i] = (float) ((1 - z) * c + z * previous[previousOffset + row * n + i]);
            }
        }
    }

    @Override
    default void gruBackward(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] dNext,
            int dNextOffset,
            float[] dPrevious,
            int dPreviousOffset) {
        for (int row = 0; row < rows; row++) {
            int a = gatesOffset + row * 3 * n;
            int b = recurrentOffset + row * 3 * n;
            for (int i = 0; i < n; i++) {
                double r = gates[a + i];
                double z = gates[a + n + i];
                double c = gates[a + 2 * n + i];
                double d = dNext[dNextOffset + row * n + i];
                double dUpdate = d * (previous[previousOffset + row * n + i] - c) * z * (1 - z);
                double dCandidate = d * (1 - z) * (1 - c * c);
                double dReset = dCandidate * recurrent[b + 2 * n + i] * r * (1 - r);
                gates[a + i] = (float) dReset;
                gates[a + n + i] = (float) dUpdate;
                gates[a + 2 * n + i] = (float) dCandidate;
                recurrent[b + i] = (float) dReset;
                recurrent[b + n + i] = (float) dUpdate;
                recurrent[b + 2 * n + i] = (float) (dCandidate * r);
                dPrevious[dPreviousOffset + row * n + i] += (float) (d * z);
            }
        }
    }

    @Override
    default void sigmoidScores(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] y,
            int yOffset) {
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += weight[i] * ScalarMath.sigmoid((double) query[queryOffset + i] + keys[keysOffset + row * n + i]);
            }
            y[yOffset + row] = (float) sum;
        }
    }

    @Override
    default void sigmoidScoresBackward(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] dy,
            int dyOffset,
            float[] dQuery,
            int dQueryOffset,
            float[] dKeys,
            int dKeysOffset,
            float[] dWeight) {
        for (int row = 0; row < rows; row++) {
            double d = dy[dyOffset + row];
            for (int i = 0; i < n; i++) {
                double s = ScalarMath.sigmoid((double) query[queryOffset + i] + keys[keysOffset + row * n + i]);
                float slope = (float) (d * weight[i] * s * (1 - s));
                dWeight[i] += (float) (d * s);
                dQuery[dQueryOffset + i] += slope;
                dKeys[dKeysOffset + row * n + i] += slope;
            }
        }
    }
}
