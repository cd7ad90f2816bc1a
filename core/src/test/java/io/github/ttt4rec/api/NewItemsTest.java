package io.github.ttt4rec.api;

import static io.github.ttt4rec.api.Networks.ITEMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Items can be added to every network after training, and nothing else changes. */
class NewItemsTest {
    private static final long SEED = 43;
    private static final List<NewItem> THREE = List.of(
            new NewItem("new 1", List.of("item 5", "item 9", "item 5")),
            new NewItem("new 2", List.of("item 62")),
            new NewItem("new 3", List.of("new 1", "item 1", "item 2")));

    @TempDir
    private static Path directory;

    static Stream<NetworkConfig> all() {
        return Networks.all();
    }

    /**
     * States and vectors made before continue afterwards with bit-identical results, and the scores of the old items
     * stay.
     */
    @ParameterizedTest
    @MethodSource("all")
    void usersGoOnAsTheyWere(NetworkConfig config) {
        TrainedModel before = Networks.model(config, SEED);
        TrainedModel after = before.withItems(THREE);
        Random random = new Random(SEED);
        ModelReader oldReader = before.newReader();
        ModelReader newReader = after.newReader();
        for (int length = 1; length <= 15; length++) {
            SequenceState old = before.network().newState();
            oldReader.append(old, Networks.items(random, length));
            SequenceState moved = old.copy();
            int[] more = Networks.items(random, 1 + random.nextInt(3));
            float[] expected = oldReader.append(old, more);
            float[] hidden = newReader.append(moved, more);
            assertThat(hidden).as("seed %d, length %d", SEED, length).containsExactly(expected);
            assertThat(moved.events()).isEqualTo(old.events());
            assertThat(Arrays.copyOf(newReader.score(Query.of(hidden)), ITEMS + 1))
                    .containsExactly(oldReader.score(Query.of(expected)));
        }
    }

    /** Scores are linear in an item's rows and bias, so the mean of rows gives the mean of scores. */
    @ParameterizedTest
    @MethodSource("all")
    void newItemScoresTheMeanOfThoseItIsSimilarTo(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED).withItems(THREE);
        assertThat(model.items().size()).isEqualTo(ITEMS + 3);
        assertThat(model.network().itemCount()).isEqualTo(ITEMS + 3);
        ModelReader reader = model.newReader();
        float[] s =
                reader.score(Query.of(reader.append(model.network().newState(), Networks.items(new Random(SEED), 5))));
        assertThat(s[ITEMS + 1]).isCloseTo((s[5] + s[9]) / 2, within(1e-4f));
        assertThat(s[ITEMS + 2]).isCloseTo(s[62], within(1e-4f));
        assertThat(s[ITEMS + 3]).isCloseTo((s[ITEMS + 1] + s[1] + s[2]) / 3, within(1e-4f));
    }

    /** In a history, an item that is similar to exactly one other has the same effect as the other. */
    @ParameterizedTest
    @MethodSource("all")
    void newItemIsReadAsWhatItIsSimilarTo(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED).withItems(THREE);
        ModelReader reader = model.newReader();
        float[] expected = reader.append(model.network().newState(), 3, 62, 7);
        assertThat(reader.append(model.network().newState(), 3, ITEMS + 2, 7)).containsExactly(expected);
        assertThat(reader.append(model.network().newState(), 3, ITEMS + 1, 7)).isNotEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("all")
    void allOtherWeightsStay(NetworkConfig config) {
        TrainedModel before = Networks.model(config, SEED);
        TrainedModel after = before.withItem("new", List.of("item 5", "item 6"));
        List<String> grown = new ArrayList<>();
        for (Parameter old : before.network().parameters().all()) {
            Parameter extended = after.network().parameters().get(old.name());
            if (extended.size() == old.size()) {
                assertThat(extended.value()).containsExactly(old.value());
            } else {
                grown.add(old.name());
                int width = old.size() / old.extent(0);
                int items = (ITEMS + 1) * width;
                assertThat(Arrays.copyOf(extended.value(), items)).containsExactly(Arrays.copyOf(old.value(), items));
                for (int c = 0; c < width; c++) {
                    assertThat(extended.value()[items + c])
                            .isCloseTo((old.value()[5 * width + c] + old.value()[6 * width + c]) / 2, within(1e-6f));
                }
                assertThat(Arrays.copyOfRange(extended.value(), items + width, extended.size()))
                        .as("rows that are no items")
                        .containsExactly(Arrays.copyOfRange(old.value(), items, old.size()));
            }
        }
        assertThat(grown)
                .containsExactlyInAnyOrderElementsOf(
                        switch (config) {
                            case Bert4Rec.Config bert -> List.of("item_embedding.weight", "output_bias");
                            case TttConfig ttt
                            when !ttt.tieOutput() -> List.of("item_embedding.weight", "output.weight");
                            default -> List.of("item_embedding.weight");
                        });
    }

    @Test
    void maskMovesBehindTheNewItems() {
        TrainedModel before = Networks.model(new Bert4Rec.Config(1, 2, 12, 20, 0, 0, 0.2, 0.5, 6), SEED);
        TrainedModel after = before.withItems(THREE);
        assertThat(before.network().objective()).isEqualTo(new Objective.MaskedItem(ITEMS + 1, 0.2, 0.5));
        assertThat(after.network().objective()).isEqualTo(new Objective.MaskedItem(ITEMS + 4, 0.2, 0.5));
    }

    @Test
    void catalogueAndPopularityGrow() {
        TrainedModel before = Networks.model(Networks.ttt().findFirst().orElseThrow(), SEED);
        TrainedModel after = before.withItem("neu 🎮", List.of("item 1"));
        assertThat(after.items().names().subList(0, ITEMS))
                .isEqualTo(before.items().names());
        assertThat(after.items().indexOf("neu 🎮")).isEqualTo(ITEMS + 1);
        assertThat(Arrays.copyOf(after.popularity(), ITEMS + 1)).containsExactly(before.popularity());
        assertThat(after.popularity()).hasSize(ITEMS + 2).endsWith(0);
        assertThat(after.version()).isNotEqualTo(before.version());
        assertThat(before.items().size()).as("the model before").isEqualTo(ITEMS);
    }

    /** An extended model can be saved, loaded and extended again. */
    @ParameterizedTest
    @MethodSource("all")
    void extendedModelIsSavedAndExtendedAgain(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED)
                .withItem("new 1", THREE.get(0).similarTo())
                .withItem("new 2", THREE.get(1).similarTo())
                .withItem("new 3", THREE.get(2).similarTo());
        assertThat(model.version())
                .isEqualTo(Networks.model(config, SEED).withItems(THREE).version());
        Path saved = directory.resolve(config.type() + " " + model.version());
        model.save(saved);
        TrainedModel loaded = TrainedModel.load(saved);
        List<String> history = List.of("item 3", "new 1", "new 3");
        assertThat(loaded.recommend(history, 20)).isEqualTo(model.recommend(history, 20));
        assertThat(loaded.popularity()).containsExactly(model.popularity());
    }

    @Test
    void invalidAdditionIsNamed() {
        TrainedModel model = Networks.model(Networks.ttt().findFirst().orElseThrow(), SEED);
        assertThatThrownBy(() -> model.withItem("new", List.of()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("new item \"new\": name at least one item");
        assertThatThrownBy(() -> model.withItem("new", List.of("item 1", "nothing")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("new item \"new\": it cannot be similar to \"nothing\"");
        assertThatThrownBy(() -> model.withItem("new", List.of("new")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("it cannot be similar to \"new\"");
        assertThatThrownBy(() -> model.withItem("item 7", List.of("item 1")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("id given twice: item 7");
        assertThatThrownBy(() -> model.withItem("\ud800", List.of("item 1")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("half a surrogate pair");
        assertThatThrownBy(() -> model.withItem("x".repeat(40_000), List.of("item 1")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("more than 32767 bytes");
        assertThat(model.withItems(List.of()).version()).isEqualTo(model.version());
    }
}
