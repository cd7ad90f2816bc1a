package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The functions that a server needs in addition to recommendations: version, popularity, similar items, frozen model.
 */
class ServedModelTest {
    private static final long SEED = 71;
    private static final NetworkConfig MAIN = Networks.ttt().findFirst().orElseThrow();

    @TempDir
    private static Path directory;

    static Stream<NetworkConfig> all() {
        return Networks.all();
    }

    static Stream<NetworkConfig> ttt() {
        return Networks.ttt();
    }

    @Test
    void popularityIsThatOfTheTrainingPartAndIsSaved() throws Exception {
        RunConfig config = Logs.small(1);
        Split split = config.open(Logs.write(directory, 40));
        TrainedModel model = Training.run(split, config);
        long[] expected = new long[Logs.ITEMS + 1];
        for (int user = 0; user < split.data().userCount(); user++) {
            // The last two of 12 events are the validation and the test case.
            for (int position = 0; position < 10; position++) {
                expected[split.data().item(user, position)]++;
            }
        }
        assertThat(model.popularity()).containsExactly(expected);
        model.popularity()[3] = 99;
        assertThat(model.popularity()).as("a copy is given out").containsExactly(expected);

        Path saved = directory.resolve("popularity");
        model.save(saved);
        assertThat(TrainedModel.load(saved).popularity()).containsExactly(expected);
        assertThat(model.withMetrics(Map.of("x", 1.0)).popularity()).containsExactly(expected);
    }

    @Test
    void aModelSavedBeforePopularityWasKeptHasNone() throws IOException {
        Path saved = directory.resolve("before");
        Networks.model(MAIN, SEED).save(saved);
        Files.delete(saved.resolve(ModelDirectory.POPULARITY));
        Path provenance = saved.resolve(ModelDirectory.PROVENANCE);
        Files.writeString(
                provenance, Files.readString(provenance).replaceAll(",\\s*\"popularity.jsonl\" : \"[0-9a-f]+\"", ""));
        TrainedModel loaded = TrainedModel.load(saved);
        assertThat(loaded.popularity()).isEmpty();
        assertThat(loaded.version()).isEqualTo(Networks.model(MAIN, SEED).version());
        assertThat(loaded.mostPopular(5, everything(loaded))).isEmpty();
        assertThat(loaded.withItem("new", List.of("item 1")).popularity()).isEmpty();
        loaded.save(saved);
        assertThat(TrainedModel.load(saved).popularity()).isEmpty();
    }

    @Test
    void mostPopularComeFirst() {
        TrainedModel model = Networks.model(MAIN, SEED);
        long[] counts = model.popularity();
        BitSet allowed = everything(model);
        allowed.clear(5);
        List<Recommendation> expected = IntStream.rangeClosed(1, Networks.ITEMS)
                .filter(item -> item != 5)
                .boxed()
                .sorted(Comparator.comparingLong((Integer item) -> -counts[item]))
                .map(item -> new Recommendation("item " + item, counts[item]))
                .toList();
        assertThat(model.mostPopular(8, allowed)).isEqualTo(expected.subList(0, 8));
        assertThat(model.mostPopular(1000, allowed)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("all")
    void versionIsThatOfWeightsAndCatalogue(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED);
        assertThat(model.version()).matches("[0-9a-f]{12}");
        assertThat(Networks.model(config, SEED).version()).as("made again").isEqualTo(model.version());
        assertThat(model.withMetrics(Map.of("x", 1.0)).version()).isEqualTo(model.version());
        Path saved = directory.resolve("version " + model.version());
        model.save(saved);
        assertThat(TrainedModel.load(saved).version()).isEqualTo(model.version());

        assertThat(Networks.model(config, SEED + 1).version())
                .as("other weights")
                .isNotEqualTo(model.version());
        TrainedModel bent = Networks.model(config, SEED);
        float[] last = bent.network().parameters().all().getLast().value();
        last[last.length - 1] = Math.nextUp(last[last.length - 1]);
        assertThat(bent.version()).as("one bit of one weight").isNotEqualTo(model.version());
    }

    @Test
    void versionTellsCataloguesAndSettingsApart() {
        TrainedModel model = Networks.model(MAIN, SEED);
        TrainedModel renamed = new TrainedModel(
                model.config(),
                new IdMap(model.items().names().stream().map(name -> name + "x").toList()),
                model.recommender(),
                model.provenance(),
                model.popularity());
        assertThat(renamed.version()).isNotEqualTo(model.version());
        assertThat(model.frozen().version()).isNotEqualTo(model.version());
    }

    @ParameterizedTest
    @MethodSource("all")
    void similarItemsAreThoseOfTheLargestCosine(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED);
        float[] table = model.network().outputTable().value();
        int d = model.network().hiddenSize();
        int item = 17;
        double[] cosines = new double[Networks.ITEMS + 1];
        for (int other = 1; other <= Networks.ITEMS; other++) {
            cosines[other] =
                    dot(table, item, other, d) / Math.sqrt(dot(table, item, item, d) * dot(table, other, other, d));
        }
        List<String> expected = IntStream.rangeClosed(1, Networks.ITEMS)
                .filter(other -> other != item)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer other) -> -cosines[other]))
                .map(other -> "item " + other)
                .toList();
        List<Recommendation> similar = model.similarItems("item 17", 100, ItemFilter.NONE);
        assertThat(similar).extracting(Recommendation::item).isEqualTo(expected);
        for (Recommendation each : similar) {
            assertThat((double) each.score()).isCloseTo(cosines[model.indexOf(each.item())], within(1e-6));
        }
        assertThat(model.similarItems("item 17", 3, ItemFilter.NONE)).isEqualTo(similar.subList(0, 3));
    }

    private static double dot(float[] table, int a, int b, int d) {
        double sum = 0;
        for (int c = 0; c < d; c++) {
            sum += (double) table[a * d + c] * table[b * d + c];
        }
        return sum;
    }

    @Test
    void similarItemsObeyTheFilter() {
        TrainedModel model = Networks.model(MAIN, SEED);
        ItemFilter some = new ItemFilter(List.of("item 3", "item 17", "item 8", "item 9"), List.of("item 9"), false);
        assertThat(model.similarItems("item 17", 10, some))
                .extracting(Recommendation::item)
                .containsExactlyInAnyOrder("item 3", "item 8");
        BitSet allowed = everything(model);
        model.similarItems("item 17", 10, allowed);
        assertThat(allowed).as("the caller's set").isEqualTo(everything(model));
        assertThatThrownBy(() -> model.similarItems("nothing", 5, ItemFilter.NONE))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("unknown item \"nothing\"");
    }

    @Test
    void itemWithoutDirectionIsSimilarToNothing() {
        TrainedModel model = Networks.model(MAIN, SEED);
        int d = model.network().hiddenSize();
        Arrays.fill(model.network().outputTable().value(), 4 * d, 5 * d, 0f);
        model.network().parameters().updated();
        assertThat(model.similarItems("item 4", 100, ItemFilter.NONE))
                .hasSize(Networks.ITEMS - 1)
                .allMatch(similar -> similar.score() == 0f);
    }

    /** A new user has W_0, an existing user keeps their fast weights, and the weights are shared in memory. */
    @ParameterizedTest
    @MethodSource("ttt")
    void frozenModelReadsButDoesNotLearn(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED);
        TrainedModel frozen = model.frozen();
        assertThat(((TttConfig) frozen.config().model()).baseLr()).isZero();
        assertThat(frozen.network().inputTable()).isSameAs(model.network().inputTable());
        assertThat(frozen.frozen().version()).isEqualTo(frozen.version());

        int[] items = Networks.items(new Random(SEED), 11);
        ModelReader reader = frozen.newReader();
        TttModel.State state = (TttModel.State) frozen.network().newState();
        float[] hidden = reader.append(state, items);
        assertThat(state.drift()).isZero();
        InnerStep step = state.lastStep().orElseThrow();
        assertThat(step.change()).isZero();
        assertThat(step.loss()).isPositive();

        // It equals a network created with that rate.
        TrainedModel made = Networks.model(((TttConfig) config).withBaseLr(0), SEED);
        assertThat(made.version()).isEqualTo(frozen.version());
        assertThat(made.newReader().append(made.network().newState(), items)).containsExactly(hidden);

        SequenceState adapted = model.network().newState();
        float[] moved = model.newReader().append(adapted, items);
        assertThat(moved).isNotEqualTo(hidden);
        double drift = ((TttModel.State) adapted).drift();
        assertThat(drift).isPositive();
        SequenceState goesOn = adapted.copy();
        // At least four events, so that the open mini-batch of the learning model is completed.
        reader.append(goesOn, 1, 2, 3, 4, 5, 6, 7, 8);
        model.newReader().append(adapted, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(((TttModel.State) goesOn).drift()).isNotEqualTo(((TttModel.State) adapted).drift());
    }

    @Test
    void onlyFastWeightsCanBeFrozen() {
        TrainedModel model = Networks.model(new Gru4Rec.Config(12, 20, 1, 0.3), SEED);
        assertThatThrownBy(model::frozen)
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("type gru4rec has no fast weights");
    }

    private static BitSet everything(TrainedModel model) {
        return ItemFilter.NONE.allowed(model.items());
    }
}
