package io.github.ttt4rec.serve;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/** Models that train quickly on synthetic logs in which item i + 1 mostly follows item i. */
public final class SmallModels {
    /** The maximum number of items of a history that they read. */
    public static final int MAX_LEN = 8;

    private SmallModels() {}

    /** A small version of the default network. */
    public static TttConfig ttt(InnerModelType layer, TttConfig.Backbone backbone) {
        boolean mamba = backbone == TttConfig.Backbone.MAMBA;
        return new TttConfig(layer, backbone, mamba, 1, 8, 2, 16, 4, 1.0, 1000, 4, 0.1, true);
    }

    /** Returns a model of the default type for items {@code i0 .. i(items − 1)}. */
    public static TrainedModel of(int items, long seed) {
        return of(ttt(InnerModelType.MLP, TttConfig.Backbone.TRANSFORMER), items, seed);
    }

    /** Returns a hybrid model with that network. */
    public static TrainedModel hybrid(int items, long seed) {
        return of(
                HybridConfig.defaults().withNetwork(ttt(InnerModelType.LINEAR, TttConfig.Backbone.TRANSFORMER)),
                items,
                seed);
    }

    /** Returns a hybrid model for items {@code i0 .. i(items − 1)} that was trained with attributes. */
    public static TrainedModel described(int items, Map<String, ItemAttributes> attributes, long seed) {
        return of(
                HybridConfig.defaults().withNetwork(ttt(InnerModelType.LINEAR, TttConfig.Backbone.TRANSFORMER)),
                items,
                attributes,
                seed);
    }

    /** Returns a model for items {@code i0 .. i(items − 1)}. */
    public static TrainedModel of(RecommenderConfig model, int items, long seed) {
        return of(model, items, Map.of(), seed);
    }

    private static TrainedModel of(
            RecommenderConfig model, int items, Map<String, ItemAttributes> attributes, long seed) {
        RunConfig config = RunConfig.defaults()
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(model)
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, MAX_LEN, 0, 128, 0.02, 2, 2));
        try {
            Path log = Files.createTempFile("small-model-", ".csv");
            try {
                Files.writeString(log, log(items, seed));
                try (Training training =
                        new Training(config.open(log), config, attributes, seed, 1, TrainingListener.SILENT)) {
                    return training.run(null).orElseThrow();
                }
            } finally {
                Files.delete(log);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }

    private static String log(int items, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < 3 * items; user++) {
            int item = user % items;
            for (int t = 0; t < 12; t++) {
                text.append("u" + user + ",i" + item + "," + (1_600_000_000 + 1000 * t + user) + "\n");
                item = random.nextInt(10) == 0 ? random.nextInt(items) : (item + 1) % items;
            }
        }
        return text.toString();
    }
}
