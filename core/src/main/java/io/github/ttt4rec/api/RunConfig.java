package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;

/**
 * Everything that decides what a run computes, besides the file, the seed and the number of threads. {@link RunConfigs}
 * reads and writes it as YAML.
 *
 * @param read how the log is read
 * @param data what is kept of the log
 * @param split which cases are for training, validation and test
 * @param model what the model is made of
 * @param train how it is trained
 */
public record RunConfig(
        ReadOptions read, PrepareOptions data, SplitSpec split, RecommenderConfig model, TrainConfig train) {
    /** The paper's protocol and main model; format and columns of the log are guessed. */
    public static RunConfig defaults() {
        return new RunConfig(
                ReadOptions.defaults(),
                PrepareOptions.defaults(),
                SplitSpec.defaults(),
                TttConfig.defaults(),
                TrainConfig.defaults());
    }

    /**
     * The defaults of {@code train} for a model that will serve: the hybrid model, evaluated on the most recent events, and the rest of
     * {@link #defaults}.
     */
    public static RunConfig production() {
        return defaults().withSplit(SplitSpec.recent()).withModel(HybridConfig.defaults());
    }

    /** This with another way to read the log. */
    public RunConfig withRead(ReadOptions other) {
        return new RunConfig(other, data, split, model, train);
    }

    /** This with another choice of what is kept of the log. */
    public RunConfig withData(PrepareOptions other) {
        return new RunConfig(read, other, split, model, train);
    }

    /** This with another split. */
    public RunConfig withSplit(SplitSpec other) {
        return new RunConfig(read, data, other, model, train);
    }

    /** This with another model. */
    public RunConfig withModel(RecommenderConfig other) {
        return new RunConfig(read, data, split, other, train);
    }

    /** This with another way to train. */
    public RunConfig withTrain(TrainConfig other) {
        return new RunConfig(read, data, split, model, other);
    }

    /**
     * Reads, filters and splits a log, all as this configuration says.
     *
     * @throws UserFacingException if the file cannot be read, or nothing is left to train on
     */
    public Split open(Path log) {
        return split.apply(Datasets.read(log, read, data));
    }
}
