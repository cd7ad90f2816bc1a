package io.github.ttt4rec.train;

/**
 * The results of one epoch.
 *
 * @param epoch its number, from 1
 * @param loss mean training loss per case
 * @param hitRate validation HR@10; NaN without validation cases
 * @param ndcg validation NDCG@10; NaN without validation cases
 * @param trainSeconds time for its steps
 * @param validationSeconds time for its validation
 * @param casesPerSecond training cases a second
 * @param tokensPerSecond inputs a second
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
