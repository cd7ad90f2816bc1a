package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.micro.Operations;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.EnumMap;
import java.util.Map;

/**
 * The minimum work of an epoch of training and its validation, stage by stage: operations of matrix products, and bytes
 * of the large arrays, each read and written once per step.
 *
 * @param tokens the number of inputs of the training windows
 * @param flops floating-point operations by stage
 * @param bytes bytes read and written by stage
 */
record EpochWork(long tokens, Map<Stage, Double> flops, Map<Stage, Double> bytes) {

    /**
     * Computes the work of a model of the default's kind, with one or more blocks, trained with cross-entropy over the
     * catalogue.
     */
    static EpochWork of(Split split, TttConfig model, TrainConfig train, long parameters, int threads) {
        int d = model.hiddenSize();
        int rows = split.data().itemCount() + 1;
        long tokens = 0;
        double scan = 0;
        for (int user = 0; user < split.data().userCount(); user++) {
            int inputs = split.to(Part.TRAIN, user) - split.from(Part.TRAIN, user);
            // The first window is full; each further window adds a stride of new cases.
            int end = Math.min(train.maxLen(), inputs);
            while (end > 0) {
                int length = Math.min(train.maxLen(), end);
                tokens += length;
                scan += Operations.scan(model, length);
                end = end < inputs ? Math.min(inputs, end + train.effectiveStride()) : 0;
            }
        }
        double cases = split.cases(Part.TRAIN);
        double steps = Math.ceil(cases / train.batchSize());
        Map<Stage, Double> flops = new EnumMap<>(Stage.class);
        Map<Stage, Double> bytes = new EnumMap<>(Stage.class);
        flops.put(Stage.LOSS, 3 * Operations.product(cases, rows, d));
        // Every thread reads the table, and reads and writes a gradient of its size.
        bytes.put(Stage.LOSS, steps * threads * 3.0 * Float.BYTES * rows * d);
        flops.put(Stage.SCAN, 3 * model.numLayers() * scan);
        bytes.put(Stage.SCAN, model.numLayers() * 11.0 * Float.BYTES * tokens * d);
        double linear = 4 * Operations.product(tokens, d, d)
                + Operations.product(tokens, model.numHeads(), d)
                + 3 * Operations.product(tokens, model.intermediateSize(), d);
        flops.put(Stage.LINEAR, 3 * model.numLayers() * linear);
        // Inputs and outputs of eight linear maps, and their gradients.
        bytes.put(
                Stage.LINEAR,
                model.numLayers() * 3.0 * Float.BYTES * tokens * (8 * d + 3 * (d + model.intermediateSize())));
        // Four norms, a gate, an embedding, residuals: about a dozen input arrays, one output, and their gradients.
        bytes.put(
                Stage.ELEMENTS,
                model.numLayers() * 3.0 * Float.BYTES * tokens * (2 * 12 * d + 3 * model.intermediateSize()));
        // Weights and two moments are read and written, gradients of all threads read and cleared, packed tables
        // written.
        bytes.put(Stage.OPTIMISER, steps * Float.BYTES * parameters * (7.0 + 2 * threads));
        flops.put(Stage.EVALUATION, evaluation(split, model, train.maxLen()));
        bytes.put(Stage.EVALUATION, 2.0 * Float.BYTES * split.cases(Part.VALIDATION) * rows);
        return new EpochWork(tokens, flops, bytes);
    }

    /** Cases that start at the same item share a pass. */
    private static double evaluation(Split split, TttConfig model, int maxLen) {
        double sum =
                Operations.product(split.cases(Part.VALIDATION), split.data().itemCount() + 1.0, model.hiddenSize());
        for (int user = 0; user < split.data().userCount(); user++) {
            int to = split.to(Part.VALIDATION, user);
            for (int p = split.from(Part.VALIDATION, user); p < to; p++) {
                int start = Math.max(0, p - maxLen);
                boolean last = p + 1 == to || Math.max(0, p + 1 - maxLen) != start;
                if (last) {
                    sum += model.numLayers() * Operations.block(model, 1, p - start);
                }
            }
        }
        return sum;
    }
}
