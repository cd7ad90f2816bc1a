package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.ParameterSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a training run, without the weights and the optimiser's moments. Epochs and batches are counted from
 * 0: {@code epoch} is the current epoch and {@code batch} its next batch.
 */
public final class TrainingState {
    private int epoch;
    private int batch;
    private double lossSum;
    private long casesDone;
    private int bestEpoch = -1;
    private double bestNdcg = Double.NEGATIVE_INFINITY;
    private float @Nullable [][] bestWeights;
    private final List<EpochRecord> history = new ArrayList<>();

    /** The state before the first step. */
    public TrainingState() {}

    /** Restores a state that was saved. */
    TrainingState(
            int epoch,
            int batch,
            double lossSum,
            long casesDone,
            int bestEpoch,
            double bestNdcg,
            float @Nullable [][] bestWeights,
            List<EpochRecord> history) {
        this.epoch = epoch;
        this.batch = batch;
        this.lossSum = lossSum;
        this.casesDone = casesDone;
        this.bestEpoch = bestEpoch;
        this.bestNdcg = bestNdcg;
        this.bestWeights = bestWeights;
        this.history.addAll(history);
    }

    /** The current epoch, from 0. */
    public int epoch() {
        return epoch;
    }

    /** The next batch of the current epoch, from 0. */
    public int batch() {
        return batch;
    }

    /** The sum of the losses of this epoch's cases so far. */
    double lossSum() {
        return lossSum;
    }

    /** The number of this epoch's cases so far. */
    long casesDone() {
        return casesDone;
    }

    /** The epoch with the best validation NDCG@10, from 1; 0 before the first. */
    public int bestEpoch() {
        return bestEpoch + 1;
    }

    /** The best validation NDCG@10; negative infinity until the first epoch ends. */
    public double bestNdcg() {
        return bestNdcg;
    }

    /** The best epoch's weights by parameter index; null until the first epoch ends. */
    float @Nullable [][] bestWeights() {
        return bestWeights;
    }

    /** The finished epochs, in order. */
    public List<EpochRecord> history() {
        return Collections.unmodifiableList(history);
    }

    /** Counts a step. */
    void stepped(double loss, long cases) {
        batch++;
        lossSum += loss;
        casesDone += cases;
    }

    /**
     * Closes the current epoch; returns whether it is the best so far. Without validation, the last epoch is the best.
     */
    boolean finished(EpochRecord record, ParameterSet parameters) {
        history.add(record);
        boolean better = Double.isNaN(record.ndcg()) || record.ndcg() > bestNdcg;
        if (better) {
            bestNdcg = Double.isNaN(record.ndcg()) ? bestNdcg : record.ndcg();
            bestEpoch = epoch;
            bestWeights = parameters.snapshot();
        }
        epoch++;
        batch = 0;
        lossSum = 0;
        casesDone = 0;
        return better;
    }

    /** Returns whether the run ends here, by early stopping or by the number of epochs. */
    public boolean isOver(TrainConfig config) {
        return batch == 0
                && (epoch >= config.epochs()
                        || (bestEpoch >= 0
                                && epoch - 1 - Math.max(bestEpoch, config.patience() - 1) >= config.patience()));
    }
}
