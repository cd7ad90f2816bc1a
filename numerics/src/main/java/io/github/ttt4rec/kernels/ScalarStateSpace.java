package io.github.ttt4rec.kernels;

/** Selective state spaces. */
interface ScalarStateSpace extends StateSpaceKernels {
    @Override
    default void selectiveStep(int channels, int states, SelectiveInputs in, Slice before, Slice after, Slice y) {
        for (int c = 0; c < channels; c++) {
            double step = in.dt()[in.offset() + c];
            double input = in.u()[in.offset() + c];
            double sum = 0;
            for (int i = 0; i < states; i++) {
                int at = i * channels + c;
                float state = (float)
                        (Math.exp(step * in.a()[at]) * before.get(at) + step * input * in.b()[in.stateOffset() + i]);
                after.set(at, state);
                sum += (double) in.cs()[in.stateOffset() + i] * state;
            }
            y.set(c, (float) sum);
        }
    }

    @Override
    default void selectiveStepBackward(
            int channels,
            int states,
            SelectiveInputs in,
            Slice before,
            Slice after,
            float[] dy,
            float[] dState,
            SelectiveInputs dIn) {
        for (int i = 0; i < states; i++) {
            int gate = in.stateOffset() + i;
            double sumB = 0;
            double sumC = 0;
            for (int c = 0; c < channels; c++) {
                int at = i * channels + c;
                int column = in.offset() + c;
                double step = in.dt()[column];
                double input = in.u()[column];
                double rate = in.a()[at];
                double g = dState[at] + (double) in.cs()[gate] * dy[column];
                sumC += (double) after.get(at) * dy[column];
                sumB += g * step * input;
                double throughInput = g * in.b()[gate];
                double kept = g * Math.exp(step * rate);
                double throughDecay = kept * before.get(at);
                dIn.u()[column] += (float) (throughInput * step);
                dIn.dt()[column] += (float) (throughInput * input + throughDecay * rate);
                dIn.a()[at] += (float) (throughDecay * step);
                dState[at] = (float) kept;
            }
            dIn.b()[gate] += (float) sumB;
            dIn.cs()[gate] += (float) sumC;
        }
    }
}
