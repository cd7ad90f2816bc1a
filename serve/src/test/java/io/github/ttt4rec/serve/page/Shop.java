package io.github.ttt4rec.serve.page;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A synthetic shop whose customers stay with one kind of product for a while, which a model learns within a second. */
final class Shop {
    private static final long SEED = 11;
    private static final List<String> KINDS = List.of("LUNCH BAG", "COFFEE MUG", "CANDLE", "WALL CLOCK", "GIFT WRAP");
    private static final List<String> LOOKS = List.of(
            "RED",
            "BLUE",
            "GREEN",
            "PINK",
            "WHITE",
            "BLACK",
            "RETRO",
            "WOODLAND",
            "SPOTS",
            "STRIPES",
            "HEARTS",
            "STARS");

    /** A TTT model with an inner learning rate that shows an effect within a few events. */
    static final NetworkConfig ADAPTIVE = new TttConfig(
            InnerModelType.MLP, TttConfig.Backbone.TRANSFORMER, false, 1, 16, 2, 32, 4, 1.0, 1000, 4, 0.1, true);

    private Shop() {}

    /** Returns products' names by id. */
    static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            for (int look = 0; look < LOOKS.size(); look++) {
                names.put(id(kind, look), KINDS.get(kind) + " " + LOOKS.get(look));
            }
        }
        return names;
    }

    /** Writes a log of this shop to {@code directory} and returns a model trained on it. */
    static TrainedModel train(RecommenderConfig model, Path directory) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder log = new StringBuilder("user,item,time\n");
        for (int user = 0; user < 200; user++) {
            int kind = random.nextInt(KINDS.size());
            for (int event = 0; event < 14; event++) {
                // Lower kinds and looks are more popular.
                kind = random.nextInt(6) == 0 ? random.nextInt(1 + random.nextInt(KINDS.size())) : kind;
                int look = random.nextInt(1 + random.nextInt(LOOKS.size()));
                log.append("u%d,%s,%d%n".formatted(user, id(kind, look), 1_600_000_000L + 1000L * event + user));
            }
        }
        RunConfig config = RunConfig.defaults()
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(model)
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, 16, 0, 128, 0.01, 6, 6));
        return Training.run(config.open(Files.writeString(directory.resolve("events.csv"), log)), config);
    }

    /** Returns the attributes of an item: the category of its kind. */
    static ItemAttributes attributes(String item) {
        List<String> categories = List.of("bags", "mugs", "candles", "clocks", "paper");
        Category category = Category.parse(categories.get(item.charAt(1) - '1'));
        return new ItemAttributes(null, null, null, List.of(category), List.of(), Map.of(), TimeWindow.ALWAYS);
    }

    private static String id(int kind, int look) {
        return "P%d%02d".formatted(kind + 1, look + 1);
    }
}
