package io.github.ttt4rec.train;

/**
 * How to train. The defaults ({@link #defaults()}) are the published protocol's.
 *
 * @param loss the outer loss
 * @param maxLen the most items of a history that the model sees
 * @param windowStride for training sequences longer than maxLen: how many new cases each further window of maxLen items
 *     brings; 1 gives every case the last maxLen items exactly and costs most; 0 means maxLen/2
 * @param batchSize prediction cases per optimiser step
 * @param learningRate of Adam
 * @param epochs at most so many
 * @param patience stop after so many epochs without better validation NDCG@10
 */
public record TrainConfig(
        Loss loss, int maxLen, int windowStride, int batchSize, double learningRate, int epochs, int patience) {

    /** The outer loss. */
    public enum Loss {
        /** Cross-entropy over the whole catalogue. */
        CE,
        /** Bayesian personalised ranking against one sampled negative item. */
        BPR
    }

    /** Checks the ranges. */
    public TrainConfig {
        require(maxLen >= 1, "max_len must be at least 1");
        require(windowStride >= 0 && windowStride <= maxLen, "window_stride must be in 0 .. max_len");
        require(batchSize >= 1, "batch_size must be at least 1");
        require(learningRate > 0 && Double.isFinite(learningRate), "learning_rate must be above 0");
        require(epochs >= 1, "epochs must be at least 1");
        require(patience >= 1, "patience must be at least 1");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The published protocol on Amazon: cross-entropy, 50 items, batches of 2048 cases, Adam at 0.001, patience 5. */
    public static TrainConfig defaults() {
        return new TrainConfig(Loss.CE, 50, 0, 2048, 1e-3, 300, 5);
    }

    /** The stride in force. */
    public int effectiveStride() {
        return windowStride == 0 ? Math.max(1, maxLen / 2) : windowStride;
    }
}
