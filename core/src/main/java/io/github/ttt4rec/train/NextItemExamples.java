package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.Arrays;

/**
 * Each window is one sequence in which the input of each case predicts the item after it.
 *
 * @param readKinds whether inputs are {@link io.github.ttt4rec.model.EventTokens} with the kinds of their events
 */
record NextItemExamples(TrainingWindows windows, boolean readKinds) implements Examples {
    @Override
    public int tokens(int window) {
        return windows.length(window);
    }

    @Override
    public Pass pass(int[] some, long epochSeed) {
        int tokens = Arrays.stream(some).map(windows::length).sum();
        int[] items = new int[tokens];
        int[] positions = new int[tokens];
        long[] rowSeeds = new long[tokens];
        int[] offsets = new int[some.length + 1];
        int[] caseRows = new int[tokens];
        int[] targets = new int[tokens];
        float[] weights = new float[windows.weighLosses() ? tokens : 0];
        int row = 0;
        int cases = 0;
        for (int i = 0; i < some.length; i++) {
            int window = some[i];
            for (int t = 0; t < windows.length(window); t++, row++) {
                items[row] = readKinds ? windows.token(window, t) : windows.input(window, t);
                positions[row] = t;
                rowSeeds[row] = windows.seed(epochSeed, window, t);
                if (windows.isCase(window, t)) {
                    caseRows[cases] = row;
                    if (weights.length > 0) {
                        weights[cases] = windows.lossWeight(window, t + 1);
                    }
                    targets[cases++] = windows.target(window, t);
                }
            }
            offsets[i + 1] = row;
        }
        return new Pass(
                new SequenceBatch(items, positions, rowSeeds, new Segments(offsets)),
                Arrays.copyOf(caseRows, cases),
                Arrays.copyOf(targets, cases),
                Arrays.copyOf(weights, Math.min(weights.length, cases)));
    }
}
