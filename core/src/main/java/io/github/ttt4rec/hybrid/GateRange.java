package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.Arrays;
import java.util.List;

/**
 * The range of each gate in the cases of a fit. A request outside of it gets the weights at its border, because a linear
 * function that was fitted within the range says little about what lies beyond: if the users of a log have been followed
 * for ten events, the fit knows nothing of histories of twenty.
 *
 * @param lowest the smallest value of each gate
 * @param highest the largest value of each gate
 */
record GateRange(float[] lowest, float[] highest) {
    private static final int GATES = Gate.values().length;
    private static final String LOWEST = ".lowest_gates";
    private static final String HIGHEST = ".highest_gates";

    /** All numbers. */
    static final GateRange UNLIMITED = unlimited();

    private static GateRange unlimited() {
        float[] lowest = new float[GATES];
        float[] highest = new float[GATES];
        Arrays.fill(lowest, -Float.MAX_VALUE);
        Arrays.fill(highest, Float.MAX_VALUE);
        return new GateRange(lowest, highest);
    }

    /** The range in some cases, at least one. */
    static GateRange of(List<FitCase> cases) {
        float[] lowest = cases.getFirst().gates().clone();
        float[] highest = lowest.clone();
        for (FitCase one : cases) {
            for (int g = 0; g < GATES; g++) {
                lowest[g] = Math.min(lowest[g], one.gates()[g]);
                highest[g] = Math.max(highest[g], one.gates()[g]);
            }
        }
        return new GateRange(lowest, highest);
    }

    /**
     * Reads the saved range of some weights. A file of a version without ranges has none, and the gates are unlimited.
     *
     * @param name the name of the weights
     */
    static GateRange load(TensorFile file, String name) {
        return file.tensors().containsKey(name + LOWEST)
                ? new GateRange(file.floats(name + LOWEST, GATES), file.floats(name + HIGHEST, GATES))
                : UNLIMITED;
    }

    /** @param name the name of the weights */
    List<TensorData> tensors(String name) {
        int[] shape = {GATES};
        return List.of(
                new TensorData.Floats(name + LOWEST, shape, lowest),
                new TensorData.Floats(name + HIGHEST, shape, highest));
    }

    /** The value of a gate, moved into its range. */
    float clamp(int gate, float value) {
        return Math.min(highest[gate], Math.max(lowest[gate], value));
    }
}
