package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.train.TrainingListener;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests training with attributes of items: after an item of kind k, an item of kind k + 1 follows, any of ten. */
class AttributesInTrainingTest {
    private static final long SEED = 3;
    private static final int KINDS = 4;
    private static final int PER_KIND = 10;

    @TempDir
    private Path directory;

    private static ItemAttributes kind(int kind) {
        return new ItemAttributes(
                null, null, null, List.of(), List.of("kind " + kind % KINDS), Map.of(), TimeWindow.ALWAYS);
    }

    private static Map<String, ItemAttributes> attributes() {
        Map<String, ItemAttributes> attributes = new HashMap<>();
        for (int kind = 0; kind < KINDS; kind++) {
            for (int i = 0; i < PER_KIND; i++) {
                attributes.put(kind + "-" + i, kind(kind));
            }
        }
        return attributes;
    }

    private static Split log(RunConfig config) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Interaction> events = new ArrayList<>();
        for (int user = 0; user < 150; user++) {
            int kind = random.nextInt(KINDS);
            for (int t = 0; t < 10; t++) {
                events.add(new Interaction(
                        "u" + user,
                        (kind + t) % KINDS + "-" + random.nextInt(PER_KIND),
                        Instant.ofEpochSecond(1_600_000_000L + 1000L * t + user)));
            }
        }
        return config.split().apply(Datasets.of(events, PrepareOptions.keepAll()));
    }

    private static RunConfig config(boolean hybrid) {
        RunConfig network = Logs.small(4);
        return hybrid
                ? RunConfigs.set(
                        RunConfig.production()
                                .withData(PrepareOptions.keepAll())
                                .withSplit(SplitSpec.parse("leave-one-out"))
                                .withTrain(network.train()),
                        List.of("hidden_size=8", "intermediate_size=16", "num_heads=2", "dropout=0.1"))
                : network;
    }

    private static TrainedModel trained(RunConfig config, Map<String, ItemAttributes> attributes, int threads)
            throws InterruptedException {
        try (Training training =
                new Training(log(config), config, attributes, SEED, threads, TrainingListener.SILENT)) {
            return training.run(null).orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itemWithoutEventsIsRecommendedWhereItsKindFits(boolean hybrid) throws Exception {
        RunConfig config = config(hybrid);
        TrainedModel model = trained(config, attributes(), 2);
        assertThat(model.encodesAttributes()).isTrue();
        List<NewItem> added = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
            added.add(new NewItem("new " + kind, kind(kind)));
        }
        TrainedModel extended = model.withItems(added);
        assertThat(model.encodes(kind(1))).isTrue();
        assertThat(model.encodes(ItemAttributes.NONE)).isFalse();
        assertThatThrownBy(() -> model.withItems(List.of(new NewItem("strange", ItemAttributes.NONE))))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("\"strange\": name at least one item that it is similar to");
        for (int kind = 0; kind < KINDS; kind++) {
            int next = (kind + 1) % KINDS;
            List<String> order = extended
                    .recommend(
                            List.of((kind + KINDS - 1) % KINDS + "-3", kind + "-1"),
                            extended.items().size())
                    .stream()
                    .map(Recommendation::item)
                    .filter(item -> item.startsWith("new"))
                    .toList();
            assertThat(order.getFirst())
                    .as("after kind %s, seed %s", kind, SEED)
                    .isEqualTo("new " + next);
        }
    }

    @Test
    void sameSeedGivesTheSameBitsAndNoAttributesThoseOfATrainingWithoutThem() throws Exception {
        RunConfig config = config(false);
        assertThat(trained(config, attributes(), 2).version())
                .isEqualTo(trained(config, attributes(), 2).version());
        TrainedModel plain = trained(config, Map.of(), 1);
        try (Training training = new Training(log(config), config, SEED, 1, TrainingListener.SILENT)) {
            assertThat(training.run(null).orElseThrow().version()).isEqualTo(plain.version());
        }
        assertThat(plain.encodesAttributes()).isFalse();
        assertThat(trained(config, attributes(), 1).version()).isNotEqualTo(plain.version());
    }

    @Test
    void resumedTrainingGivesTheSameBits() throws Exception {
        RunConfig config = RunConfigs.set(config(true), List.of("averaging=2"));
        String straight = trained(config, attributes(), 1).version();
        Path checkpoint = directory.resolve("checkpoint");
        for (int steps : new int[] {3, 11, 0}) {
            TrainedModel model = stopped(config, attributes(), checkpoint, steps, steps != 3);
            assertThat(model == null ? "stopped" : model.version()).isEqualTo(steps > 0 ? "stopped" : straight);
            if (steps == 3) {
                Map<String, ItemAttributes> other = attributes();
                other.put("1-1", kind(2));
                assertThatThrownBy(() -> stopped(config, other, checkpoint, 0, true))
                        .isInstanceOf(UserFacingException.class)
                        .hasMessageContaining("with other attributes of items; resume with the same --items");
                assertThatThrownBy(() -> stopped(config, Map.of(), checkpoint, 0, true))
                        .hasMessageContaining("with other attributes of items");
            }
        }
    }

    private static @Nullable TrainedModel stopped(
            RunConfig config, Map<String, ItemAttributes> attributes, Path checkpoint, int steps, boolean resume)
            throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        AtomicReference<@Nullable Training> running = new AtomicReference<>();
        TrainingListener stopper = new TrainingListener() {
            @Override
            public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                Training training = running.get();
                if (done.incrementAndGet() == steps && training != null) {
                    training.requestStop();
                }
            }
        };
        try (Training training = new Training(log(config), config, attributes, SEED, 1, stopper)) {
            running.set(training);
            if (resume) {
                training.resume(checkpoint);
            }
            return training.run(checkpoint).orElse(null);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void savedModelKeepsItsEncoder(boolean hybrid) throws Exception {
        TrainedModel model = trained(config(hybrid), attributes(), 1);
        model.save(directory);
        TrainedModel loaded = TrainedModel.load(directory);
        assertThat(loaded.version()).isEqualTo(model.version());
        List<NewItem> added = List.of(new NewItem("new", List.of("0-0"), kind(2)));
        assertThat(loaded.withItems(added).version())
                .isEqualTo(model.withItems(added).version())
                .isNotEqualTo(model.withItem("new", List.of("0-0")).version());
        loaded.withItems(added).save(directory);
        assertThat(TrainedModel.load(directory).version())
                .isEqualTo(model.withItems(added).version());
    }

    @Test
    void fitOnAllEventsAndContinuedTrainingHaveAnEncoderOfTheirOwn() throws Exception {
        RunConfig config = config(true);
        TrainedModel model = trained(config, attributes(), 1);
        Split all = Split.everything(log(config).data());
        try (Training fit = Training.onEverything(model, all.data(), attributes(), 1, TrainingListener.SILENT)) {
            assertThat(fit.run(null).orElseThrow().encodesAttributes()).isTrue();
        }
        String[] versions = new String[2];
        for (int run = 0; run < 2; run++) {
            try (Training next =
                    Training.continuing(model, model.version(), all, attributes(), 1, 1, TrainingListener.SILENT)) {
                TrainedModel continued = next.run(null).orElseThrow();
                assertThat(continued.encodesAttributes()).isTrue();
                versions[run] = continued.version();
            }
        }
        assertThat(versions[1]).isEqualTo(versions[0]).isNotEqualTo(model.version());
    }

    /** A recount gives items without events the popularity 0, but an encoded item counts as an average one. */
    @Test
    void encodedItemCountsAsAnAverageOneAlsoAfterARecount() throws Exception {
        RunConfig config = config(true);
        TrainedModel model = trained(config, attributes(), 1).withItems(List.of(new NewItem("new", kind(2))));
        TrainedModel plain = trained(config, Map.of(), 1).withItem("new", List.of("2-1"));
        Split all = Split.everything(Datasets.withItems(log(config).data(), model.items()));
        for (TrainedModel each : List.of(model, model.counted(all), plain.counted(all))) {
            float[] popularity = each.tensors().stream()
                    .filter(tensor -> tensor.name().endsWith("item.popularity"))
                    .map(tensor -> ((TensorData.Floats) tensor).values())
                    .findFirst()
                    .orElseThrow();
            double mean = IntStream.range(1, popularity.length - 1)
                    .mapToDouble(item -> popularity[item])
                    .average()
                    .orElseThrow();
            assertThat((double) popularity[popularity.length - 1])
                    .isCloseTo(each.encodesAttributes() ? mean : 0, within(1e-5 * mean));
        }
    }

    @Test
    void attributesThatSayNothingAreRefused() {
        RunConfig config = config(false);
        Map<String, ItemAttributes> strange = Map.of("x", kind(1));
        assertThatThrownBy(() -> trained(config, strange, 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("none of the 40 items of the log has attributes");
        Map<String, ItemAttributes> single = Map.of("0-0", kind(1));
        assertThatThrownBy(() -> trained(config, single, 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no two items of the log have an attribute in common");
        assertThatThrownBy(() -> trained(RunConfigs.set(config, List.of("type=popularity")), attributes(), 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("a model of type popularity has no vectors of items");
        assertThatThrownBy(() -> trained(
                        RunConfigs.set(config, List.of("loss=sampled_ce", "sparse_item_updates=true")),
                        attributes(),
                        1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("train.sparse_item_updates");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasrec", "gru4rec", "bert4rec", "narm"})
    void otherNetworksLearnFromAttributesToo(String type) throws Exception {
        RunConfig config = RunConfigs.set(RunConfig.defaults(), List.of("type=" + type, "epochs=1", "max_len=8"))
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"));
        TrainedModel model = trained(config, attributes(), 1);
        model.save(directory);
        assertThat(TrainedModel.load(directory).version()).isEqualTo(model.version());
        assertThat(ContentItems.fit(model, Map.of()).similarTo(kind(1), 5)).hasSize(5);
        assertThat(model.withItems(List.of(new NewItem("new", List.of("0-0"), kind(1))))
                        .version())
                .isNotEqualTo(model.withItem("new", List.of("0-0")).version());
    }
}
