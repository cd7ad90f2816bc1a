package io.github.ttt4rec.benchmarks.models;

import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import java.util.List;
import java.util.stream.IntStream;

/** Untrained models of the default type, to measure the cost of requests but not their quality. */
public final class MadeUpModels {
    /** The hidden size d of the default model. */
    public static final int HIDDEN_SIZE = 64;

    private static final int BASE = 10;

    private MadeUpModels() {}

    /** Returns a model of {@code items} items, at least {@value #BASE}, with normally distributed weights. */
    public static TrainedModel of(int items) {
        RunConfig config = RunConfig.defaults().withTrain(new TrainConfig(TrainConfig.Loss.CE, 50, 0, 128, 1e-3, 1, 1));
        Dataset log = new SyntheticLog(200, BASE, 1).generate();
        try (Training training = new Training(config.split().apply(log), config, 1, 1, TrainingListener.SILENT)) {
            TrainedModel small = training.run(null).orElseThrow();
            List<NewItem> more = IntStream.range(small.items().size(), items)
                    .mapToObj(i -> new NewItem("i" + i, List.of("i0")))
                    .toList();
            TrainedModel model = small.withItems(more);
            model.network().parameters().initialize(1);
            return model;
        } catch (InterruptedException interruption) {
            throw new IllegalStateException("interrupted", interruption);
        }
    }
}
