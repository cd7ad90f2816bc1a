package io.github.ttt4rec.kernels;

/** Selective state spaces. */
interface ScalarStateSpace extends StateSpaceKernels {
    @Override
    default void selectiveStep(
            int channels,
            int states,
            float[] dt,
            int dtOffset,
            float[] u,
            int uOffset,
            float[] a,
            float[] b,
            int bOffset,
            float[] cs,
            int csOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] y,
            int yOffset) {
        for (int c = 0; c < channels; c++) {
            double step = dt[dtOffset + c];
            double sum = 0;
            for (int i = 0; i < states; i++) {
                int at = i * channels + c;
                float state = (float)
                        (Math.exp(step * a[at]) * before[beforeOffset + at] + step * u[uOffset + c] * b[bOffset + i]);
                after[afterOffset + at] = state;
                sum += (double) cs[csOffset + i] * state;
            }
            y[yOffset + c] = (float) sum;
        }
    }

    @Override
    default void selectiveStepBackward(
            int channels,
            int states,
            float[] dt,
            float[] u,
            float[] dy,
            int offset,
            float[] a,
            float[] b,
            float[] cs,
            int stateOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] dState,
            float[] dDt,
            float[] dU,
            float[] dA,
            float[] dB,
            float[] dCs) {
        for (int i = 0; i < states; i++) {
            double sumB = 0;
            double sumC = 0;
            for (int c = 0; c < channels; c++) {
                int at = i * channels + c;
                int column = offset + c;
                double g = dState[at] + (double) cs[stateOffset + i] * dy[column];
                sumC += (double) after[afterOffset + at] * dy[column];
                sumB += g * dt[column] * u[column];
                double throughInput = g * b[stateOffset + i];
                double kept = g * Math.exp((double) dt[column] * a[at]);
                double throughDecay = kept * before[beforeOffset + at];
                dU[column] += (float) (throughInput * dt[column]);
                dDt[column] += (float) (throughInput * u[column] + throughDecay * a[at]);
                dA[at] += (float) (throughDecay * dt[column]);
                dState[at] = (float) kept;
            }
            dB[stateOffset + i] += (float) sumB;
            dCs[stateOffset + i] += (float) sumC;
        }
    }
}
