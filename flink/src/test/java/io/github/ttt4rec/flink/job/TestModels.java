package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Models that train quickly on synthetic logs in which item i + 1 mostly follows item i. */
public final class TestModels {
    /** The maximum number of items of a history that they read. */
    static final int MAX_LEN = 8;

    private static TrainedModel first;
    private static TrainedModel second;

    private TestModels() {}

    /** A model for items {@code i0 .. i19}. */
    public static synchronized TrainedModel first() throws Exception {
        first = first == null ? of(small(), 20, 1) : first;
        return first;
    }

    /** Another model, for items {@code i0 .. i23}. */
    static synchronized TrainedModel second() throws Exception {
        second = second == null ? of(small(), 24, 2) : second;
        return second;
    }

    /** A small version of the default network. */
    public static TttConfig small() {
        return new TttConfig(
                InnerModelType.MLP, TttConfig.Backbone.TRANSFORMER, false, 1, 8, 2, 16, 4, 1.0, 1000, 4, 0.1, true);
    }

    /** A model for items {@code i0 .. i(items − 1)}. */
    static TrainedModel of(RecommenderConfig model, int items, long seed) throws Exception {
        return of(model, items, seed, MAX_LEN);
    }

    /** A model that reads at most {@code maxLen} items of a history. */
    public static TrainedModel of(RecommenderConfig model, int items, long seed, int maxLen) throws Exception {
        RunConfig config = RunConfig.defaults()
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(model)
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, maxLen, 0, 128, 0.02, 2, 2));
        Path log = Files.createTempFile("test-model-", ".csv");
        try {
            Files.writeString(log, log(items, seed));
            try (Training training = new Training(config.open(log), config, seed, 1, TrainingListener.SILENT)) {
                return training.run(null).orElseThrow();
            }
        } finally {
            Files.delete(log);
        }
    }

    /** The rules of {@link #typed}. */
    static final String RULES = "buy,view=input";

    /** A model for items {@code i0 .. i19} with an input for the types of events. */
    static TrainedModel typed() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(9);
        List<Interaction> log = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String item = "i" + random.nextInt(20);
            Instant time = Instant.ofEpochSecond(1_700_000_000 + i);
            log.add(new Interaction("u" + i % 50, item, time, i % 3 == 1 ? "view" : "buy", Double.NaN));
        }
        RunConfig config = RunConfig.defaults()
                .withRead(ReadOptions.defaults().withTypes(null, null, RULES))
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(small().withTypeFeature(true))
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, MAX_LEN, 0, 128, 0.02, 3, 3));
        return Training.run(
                config.split().apply(Datasets.of(log, PrepareOptions.keepAll(), EventRoles.parse(RULES))), config);
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
