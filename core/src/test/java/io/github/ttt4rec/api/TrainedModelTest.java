package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModelTest {
    @TempDir
    private static Path directory;

    private static Split split;
    private static TrainedModel model;

    @BeforeAll
    static void train() throws InterruptedException {
        RunConfig config = Logs.small(15);
        split = config.open(Logs.write(directory, 150));
        model = Training.run(split, config);
    }

    @Test
    void modelLearnsTransitions() throws InterruptedException {
        assertThat(model.evaluate(split, Split.Part.TEST).value("HR@1")).isGreaterThan(0.6);
        assertThat(model.recommend(List.of("i3", "i4", "i5"), 1).getFirst().item())
                .isEqualTo("i6");
    }

    @Test
    void savedModelRecommendsTheSameToTheBit() {
        Path saved = directory.resolve("saved");
        model.save(saved);
        TrainedModel loaded = TrainedModel.load(saved);
        List<String> history = List.of("i9", "i2", "i3");
        assertThat(loaded.recommend(history, 20)).isEqualTo(model.recommend(history, 20));
        assertThat(loaded.config()).isEqualTo(model.config());
        assertThat(loaded.items().names()).isEqualTo(model.items().names());
        assertThat(loaded.provenance()).isEqualTo(model.provenance());
    }

    @Test
    void provenanceTellsHowItWasMade() {
        assertThat(model.provenance().projectVersion()).isEqualTo(Version.current());
        assertThat(model.provenance().seed()).isEqualTo(1);
        assertThat(model.provenance().epochs()).isEqualTo(15);
        assertThat(model.provenance().metrics())
                .containsKeys("training loss", "validation HR@10", "validation NDCG@10");
        assertThat(model.withMetrics(Map.of("test HR@10", 0.5)).provenance().metrics())
                .containsEntry("test HR@10", 0.5)
                .containsKey("training loss");
    }

    @Test
    void onlyTheLastItemsOfALongHistoryCount() {
        List<String> history = IntStream.range(0, 30).mapToObj(i -> "i" + i % 7).toList();
        int maxLen = model.config().train().maxLen();
        assertThat(model.recommend(history, 5))
                .isEqualTo(model.recommend(history.subList(history.size() - maxLen, history.size()), 5));
    }

    @Test
    void unknownItemsArePassedOverAndNamed() {
        List<String> history = List.of("i3", "nothing", "i4", "none");
        assertThat(model.unknown(history)).containsExactly("nothing", "none");
        assertThat(model.recommend(history, 5)).isEqualTo(model.recommend(List.of("i3", "i4"), 5));
        assertThat(model.recommend(history, 5).basis()).isEqualTo(Basis.PERSONAL);
    }

    @Test
    void coldHistoryGivesPopularItemsAndSaysSo() {
        for (List<String> cold : List.of(List.<String>of(), List.of("nothing"))) {
            Recommendations popular = model.recommend(cold, 5);
            assertThat(popular.basis()).isEqualTo(Basis.POPULARITY);
            assertThat(popular)
                    .isEqualTo(model.mostPopular(5, ItemFilter.NONE.allowed(model.items())))
                    .hasSize(5);
        }
    }

    @Test
    void filtersAreObeyed() {
        List<String> history = IntStream.range(0, 12).mapToObj(i -> "i" + i).toList();
        assertThat(items(model.recommend(history, 100, ItemFilter.UNSEEN)))
                .hasSize(Logs.ITEMS - 12)
                .doesNotContainAnyElementsOf(history);
        ItemFilter some = new ItemFilter(List.of("i1", "i2", "i19", "unknown"), List.of("i2", "other"), false);
        assertThat(items(model.recommend(history, 100, some))).containsExactlyInAnyOrder("i1", "i19");
        assertThat(some.unknown(model.items())).containsExactly("unknown", "other");
        assertThatThrownBy(() -> model.recommend(history, 5, new ItemFilter(List.of("unknown"), List.of(), false)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("none of the 1 items to choose from");
    }

    @Test
    void manyThreadsMayUseIt() throws Exception {
        List<Recommendation> expected = model.recommend(List.of("i1", "i2"), 10);
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<Recommendations>> all = IntStream.range(0, 50)
                    .mapToObj(i -> executor.submit(() -> model.recommend(List.of("i1", "i2"), 10)))
                    .toList();
            for (Future<Recommendations> each : all) {
                assertThat(each.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void configurationThatDoesNotFitTheWeightsIsRefused() throws IOException {
        Path saved = directory.resolve("other-config");
        model.save(saved);
        Path config = saved.resolve(ModelDirectory.CONFIG);
        Files.writeString(config, Files.readString(config).replace("hidden_size: 8", "hidden_size: 16"));
        // A user who replaces a file on purpose does the same.
        Path provenance = saved.resolve(ModelDirectory.PROVENANCE);
        Files.writeString(provenance, Files.readString(provenance).replaceAll("\"config.yaml\" : \"[0-9a-f]+\",", ""));
        assertThatThrownBy(() -> TrainedModel.load(saved))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("shape");
    }

    @Test
    void splitOtherThanTheConfigurationsIsRefused() {
        RunConfig other = model.config().withSplit(SplitSpec.defaults());
        assertThatThrownBy(() -> Training.run(split, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the split is leave-one-out, but the configuration says ratio 3:2:5");
    }

    private static List<String> items(List<Recommendation> recommendations) {
        return recommendations.stream().map(Recommendation::item).toList();
    }
}
