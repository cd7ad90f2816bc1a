package io.github.ttt4rec.api;

import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Small synthetic logs with a pattern to learn: item i is mostly followed by item i + 1. */
final class Logs {
    static final int ITEMS = 20;

    private Logs() {}

    /** Writes {@code users} users with 12 events each. */
    static Path write(Path directory, int users) {
        return writeTo(directory.resolve("events.csv"), users);
    }

    private static Path writeTo(Path file, int users) {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < users; user++) {
            int item = random.nextInt(ITEMS);
            for (int t = 0; t < 12; t++) {
                text.append("u" + user + ",i" + item + "," + (1_600_000_000 + 1000 * t + user) + "\n");
                item = random.nextInt(10) == 0 ? random.nextInt(ITEMS) : (item + 1) % ITEMS;
            }
        }
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A configuration that trains on such a log within moments. */
    static RunConfig small(int epochs) {
        return RunConfig.defaults()
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(new TttConfig(
                        InnerModelType.LINEAR,
                        TttConfig.Backbone.TRANSFORMER,
                        false,
                        1,
                        8,
                        2,
                        16,
                        4,
                        1.0,
                        1000,
                        4,
                        0.1,
                        true))
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, 8, 0, 128, 0.01, epochs, epochs));
    }
}
