package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.engine.AppendResult.Status;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's users go through the items i0 to i19 cyclically; see {@link Run#log}. */
class LiveCatalogueTest {
    private static final long LATER = 1_600_100_000_000_000L;

    private static final long DAY = 86_400_000_000L;

    @TempDir
    private Path directory;

    private Path log;
    private Path state;

    @BeforeEach
    void train() {
        log = Run.log(directory, "events.csv", 60);
        state = directory.resolve("shop.db");
        Run.train(log, directory.resolve("model"), "--set", "epochs=2", "--no-test")
                .done();
        Run.of("import", "--data", log.toString(), "--state", state.toString()).done();
    }

    private Engine open(Path store) {
        return Engine.open(
                TrainedModel.load(directory.resolve("model")),
                EventStore.open(store, StoreConfig.defaults()),
                EngineConfig.defaults());
    }

    /** Users who had i3, a new item and i4. */
    private static List<Event> buyers(int users, String item) {
        return IntStream.range(0, 3 * users)
                .mapToObj(i ->
                        new Event("buyer" + i / 3, List.of("i3", item, "i4").get(i % 3), LATER + 1_000_000L * i, null))
                .toList();
    }

    private static List<String> list(Engine engine, int k) {
        return engine.recommend(List.of("i2", "i3"), k, ItemFilter.NONE).items().stream()
                .map(Recommendation::item)
                .toList();
    }

    @Test
    void newItemIsRecommendedToThoseWhomItFitsOnceItWasCounted() {
        try (Engine engine = open(state)) {
            engine.append(buyers(30, "new"));
            assertThat(list(engine, 5)).doesNotContain("new");
            String version = engine.model().version();
            assertThat(engine.countCatalogue().addedItems()).containsExactly("new");
            assertThat(engine.model().version()).as("the weights are the same").isEqualTo(version);
            assertThat(list(engine, 5)).contains("new");
            assertThat(engine.append(new Event("late", "new", LATER, null)).status())
                    .isEqualTo(Status.ACCEPTED);
            assertThat(engine.trained().popularity()[21]).isEqualTo(30);
            assertThat(engine.countCatalogue().items()).isEqualTo(21);
            assertThat(engine.trained().popularity()[21]).isEqualTo(31);
        }
    }

    @Test
    void countsAreTheSameToTheBitAfterARestart() {
        List<Recommendation> before;
        try (Engine engine = open(state)) {
            engine.append(buyers(5, "new"));
            engine.countCatalogue();
            before = engine.recommend("buyer1", 21, ItemFilter.NONE).items();
        }
        try (Engine engine = open(state)) {
            engine.countCatalogue();
            assertThat(engine.trained().recommender().tensors())
                    .usingRecursiveComparison()
                    .isEqualTo(tensors());
            assertThat(engine.recommend("buyer1", 21, ItemFilter.NONE).items())
                    .extracting(Recommendation::item)
                    .containsExactlyElementsOf(
                            before.stream().map(Recommendation::item).toList());
        }
    }

    private Object tensors() {
        Path copy = directory.resolve("copy.db");
        Run.of("backup", "--state", state.toString(), "--out", copy.toString()).done();
        try (Engine engine = open(copy)) {
            engine.countCatalogue();
            return engine.trained().recommender().tensors();
        }
    }

    @Test
    void oneClientAddsNoItemAndItsEventsAreCapped() {
        try (Engine engine = open(state)) {
            engine.countCatalogue();
            long before = engine.trained().popularity()[1];
            String item = engine.trained().items().name(1);
            engine.append(IntStream.range(0, 5_000)
                    .mapToObj(i -> new Event("bot", i % 2 == 0 ? item : "spam", LATER + i, null))
                    .toList());
            assertThat(engine.countCatalogue().addedItems()).isEmpty();
            assertThat(engine.trained().popularity()[1] - before)
                    .as("half of the first 1,000 events")
                    .isEqualTo(500);
        }
    }

    @Test
    void forgottenUserCountsNoMore() {
        try (Engine engine = open(state)) {
            engine.countCatalogue();
            long[] before = engine.trained().popularity();
            engine.append(IntStream.range(0, 10)
                    .mapToObj(i -> new Event("ann", "i7", LATER + i, null))
                    .toList());
            engine.countCatalogue();
            assertThat(engine.trained().popularity()).isNotEqualTo(before);
            engine.forget("ann");
            engine.countCatalogue();
            assertThat(engine.trained().popularity()).isEqualTo(before);
        }
    }

    @Test
    void evaluationCountsTheEventsBeforeEachPeriodAlone() {
        try (Engine engine = open(state)) {
            engine.append(buyers(30, "new"));
            engine.append(List.of(
                    new Event("late", "i3", LATER + 3 * DAY, null), new Event("late", "new", LATER + 3 * DAY, null)));
        }
        assertThat(Run.of(
                                "evaluate",
                                "--model",
                                directory.resolve("model").toString(),
                                "--data",
                                state.toString(),
                                "--prequential",
                                "--live-catalogue",
                                "1d")
                        .done()
                        .out())
                .contains("recounted every PT24H", "Against the catalogue of the training", "new_item");
        Run.of(
                        "evaluate",
                        "--model",
                        directory.resolve("model").toString(),
                        "--data",
                        state.toString(),
                        "--live-catalogue",
                        "1d")
                .wrongUsageSaying("--live-catalogue needs --prequential");
    }
}
