package io.github.ttt4rec.train;

/**
 * The results of one epoch.
 *
 * @param epoch the epoch's number, from 1
 * @param loss the mean training loss per case
 * @param hitRate validation HR@10; NaN without validation cases
 * @param ndcg validation NDCG@10; NaN without validation cases
 * @param trainSeconds the time for the steps
 * @param validationSeconds the time for validation
 * @param casesPerSecond training cases per second
 * @param tokensPerSecond inputs per second
 */
public record EpochRecord(
        int epoch,
        double loss,
        double hitRate,
        double ndcg,
        double trainSeconds,
        double validationSeconds,
        double casesPerSecond,
        double tokensPerSecond) {}
