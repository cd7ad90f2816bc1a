package io.github.ttt4rec.api;

import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.model.TttConfig;
import io.github.ttt4rec.train.TrainConfig;

/**
 * Everything that decides what a run computes, besides the data, the seed and the number of threads. {@link RunConfigs}
 * reads and writes it as YAML.
 *
 * @param data what is kept of the log
 * @param split which cases are for training, validation and test
 * @param model what the model is made of
 * @param train how it is trained
 */
public record RunConfig(PrepareOptions data, SplitSpec split, TttConfig model, TrainConfig train) {
    /** The paper's protocol and main model. */
    public static RunConfig defaults() {
        return new RunConfig(
                PrepareOptions.defaults(), SplitSpec.defaults(), TttConfig.defaults(), TrainConfig.defaults());
    }
}
