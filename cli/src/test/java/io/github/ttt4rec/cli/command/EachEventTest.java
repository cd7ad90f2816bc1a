package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.engine.AppendResult.Status;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's users go through the items i0 to i19 in a circle; see {@link Run#log}. */
class EachEventTest {
    private static final long LATER = 1_600_100_000_000_000L;
    private static final long SEED = 5;

    @TempDir
    private static Path trained;

    @TempDir
    private Path directory;

    private Path state;

    @BeforeAll
    static void train() {
        Path log = Run.log(trained, "events.csv", 60);
        List<String> arguments = Run.trainArguments(log, trained.resolve("model"), "--set", "epochs=2", "--no-test");
        arguments.remove("--no-refit");
        Run.of(arguments.toArray(String[]::new)).done();
        Run.of(
                        "import",
                        "--data",
                        log.toString(),
                        "--state",
                        trained.resolve("shop.db").toString())
                .done();
    }

    @BeforeEach
    void copy() throws IOException {
        state = Files.copy(trained.resolve("shop.db"), directory.resolve("shop.db"));
    }

    private Engine open(Path store) {
        return open(store, CatalogueUpdates.EACH_EVENT);
    }

    private static Engine open(Path store, CatalogueUpdates updates) {
        return Engine.open(
                TrainedModel.load(trained.resolve("model")),
                EventStore.open(store, StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 1, updates));
    }

    /** Returns the ranks of events that are all stored before the first of them is ranked. */
    private List<QualityLog.Entry> ranks(List<Event> events, CatalogueUpdates updates)
            throws IOException, InterruptedException {
        Path store = Files.createTempFile(directory, "ranked-", ".db");
        Files.copy(trained.resolve("shop.db"), store, StandardCopyOption.REPLACE_EXISTING);
        try (Engine engine = open(store, updates)) {
            engine.append(events);
            append(engine, List.of());
            assertThat(engine.quality().skipped()).isZero();
            return engine.quality().log().entries();
        }
    }

    private static Set<String> names(List<QualityLog.Entry> ranks) {
        return ranks.stream()
                .map(entry -> entry.user() + " " + entry.position())
                .collect(Collectors.toSet());
    }

    /** Generates events of some users of the log and some new users, with an item that the model does not know. */
    private static List<Event> events(int count) {
        Random random = new Random(SEED);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String item = random.nextInt(8) == 0 ? "new" : "i" + random.nextInt(20);
            events.add(new Event("u" + random.nextInt(70), item, LATER + 1_000_000L * i, null));
        }
        return events;
    }

    private static void append(Engine engine, List<Event> events) throws InterruptedException {
        for (Event event : events) {
            engine.append(event);
        }
        while (engine.quality().waiting() > 0) {
            Thread.sleep(1);
        }
    }

    /** Returns the tables after all events were read from a copy of the store. */
    private Map<String, Map<String, Object>> anew(String name) {
        Path copy = directory.resolve(name);
        Run.of("backup", "--state", state.toString(), "--out", copy.toString()).done();
        try (Engine engine = open(copy)) {
            return engine.learned();
        }
    }

    private static List<Recommendation> lists(Engine engine) {
        List<Recommendation> lists = new ArrayList<>();
        for (int user = 0; user < 70; user++) {
            lists.addAll(engine.recommend("u" + user, 10, ItemFilter.NONE).items());
        }
        return lists;
    }

    @Test
    void tablesLearnedByIncrementsEqualThoseOfTheWholeStore() throws InterruptedException {
        List<Event> events = events(600);
        try (Engine engine = open(state)) {
            for (int n = 0; n < 600; n += 150) {
                append(engine, events.subList(n, n + 150));
                assertThat(engine.learned())
                        .as("after %d events, seed %d", n + 150, SEED)
                        .isNotEmpty()
                        .isEqualTo(anew(n + ".db"));
            }
        }
    }

    @Test
    void restartedServerGivesTheSameLists() throws InterruptedException {
        List<Recommendation> before;
        try (Engine engine = open(state)) {
            append(engine, events(400));
            before = lists(engine);
        }
        try (Engine engine = open(state)) {
            List<Recommendation> after = lists(engine);
            assertThat(after)
                    .extracting(Recommendation::item)
                    .as("seed %d", SEED)
                    .containsExactlyElementsOf(
                            before.stream().map(Recommendation::item).toList());
        }
    }

    @Test
    void permutedFutureChangesNoEarlierRank() throws IOException, InterruptedException {
        List<Event> all = events(600);
        List<Event> past = all.subList(0, 300);
        List<Event> future = all.subList(300, 600);
        List<Event> permuted = new ArrayList<>(past);
        for (int i = 0; i < future.size(); i++) {
            String item = future.get(future.size() - 1 - i).item();
            permuted.add(new Event(future.get(i).user(), item, future.get(i).timeMicros(), null));
        }
        List<QualityLog.Entry> alone = ranks(past, CatalogueUpdates.EACH_EVENT);
        List<QualityLog.Entry> one = ranks(all, CatalogueUpdates.EACH_EVENT);
        List<QualityLog.Entry> other = ranks(permuted, CatalogueUpdates.EACH_EVENT);
        Set<String> early = names(alone);
        assertThat(alone).as("seed %d", SEED).hasSize(300);
        assertThat(one)
                .filteredOn(entry -> early.contains(entry.user() + " " + entry.position()))
                .isEqualTo(alone);
        assertThat(other)
                .filteredOn(entry -> early.contains(entry.user() + " " + entry.position()))
                .isEqualTo(alone);
        assertThat(other).as("later events differ").hasSize(600).isNotEqualTo(one);
        assertThat(ranks(past, CatalogueUpdates.OFF))
                .as("the events between change ranks")
                .isNotEqualTo(alone);
    }

    @Test
    void eventIsRankedBeforeTheTablesReadIt() throws IOException, InterruptedException {
        List<Event> events = List.of(
                new Event("ann", "i3", LATER, null),
                new Event("ann", "i15", LATER + 1, null),
                new Event("bob", "i3", LATER + 2, null),
                new Event("bob", "i15", LATER + 3, null));
        List<QualityLog.Entry> learning = ranks(events, CatalogueUpdates.EACH_EVENT);
        List<QualityLog.Entry> fixed = ranks(events, CatalogueUpdates.OFF);
        assertThat(learning.subList(0, 2)).extracting(QualityLog.Entry::user).containsOnly("ann");
        assertThat(learning.getFirst()).as("nothing came before").isEqualTo(fixed.getFirst());
        assertThat(learning.get(1).ranks().served())
                .as("the first i15 after an i3, when the tables have read only the i3")
                .isGreaterThanOrEqualTo(fixed.get(1).ranks().served());
        assertThat(learning.get(3).ranks().served())
                .as("the second i15 after an i3, when the tables have read the first")
                .isLessThan(fixed.get(3).ranks().served());
    }

    @Test
    void forgottenUserHasTaughtNothing() throws InterruptedException {
        try (Engine engine = open(state)) {
            append(engine, events(200));
            Map<String, Map<String, Object>> before = engine.learned();
            append(
                    engine,
                    List.of(
                            new Event("ann", "i1", LATER, null),
                            new Event("ann", "only-hers", LATER + 1, null),
                            new Event("ann", "i7", LATER + 2, null)));
            assertThat(engine.learned()).isNotEqualTo(before);
            engine.forget("ann");
            assertThat(engine.learned()).isEqualTo(before);
            append(engine, List.of(new Event("ann", "i2", LATER + 3, null)));
            assertThat(engine.learned()).isEqualTo(anew("again.db"));
        }
    }

    @Test
    void newItemIsRecommendedToOthersAtOnce() throws InterruptedException {
        try (Engine engine = open(state)) {
            for (int buyer = 0; buyer < 30; buyer++) {
                append(
                        engine,
                        List.of(
                                new Event("b" + buyer, "i3", LATER + 10L * buyer, null),
                                new Event("b" + buyer, "new", LATER + 10L * buyer + 1, null),
                                new Event("b" + buyer, "i4", LATER + 10L * buyer + 2, null)));
            }
            assertThat(engine.model().addedItems()).containsExactly("new");
            assertThat(engine.recommend(List.of("i2", "i3"), 5, ItemFilter.NONE).items())
                    .extracting(Recommendation::item)
                    .contains("new");
            assertThat(engine.append(new Event("late", "new", LATER, null)).status())
                    .isEqualTo(Status.ACCEPTED);
            assertThatThrownBy(engine::countCatalogue)
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("each-event");
        }
    }

    @Test
    void listsAreExactWithLearnedTables() throws InterruptedException {
        try (Engine engine = open(state)) {
            append(engine, events(400));
            for (int user = 0; user < 20; user++) {
                List<Recommendation> all =
                        engine.recommend("u" + user, 21, ItemFilter.NONE).items();
                assertThat(engine.recommend("u" + user, 5, ItemFilter.NONE).items())
                        .isEqualTo(all.subList(0, 5));
            }
        }
    }

    @Test
    void oneUserTeachesAThousandEventsAtMost() throws InterruptedException {
        try (Engine engine = open(state)) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) {
                events.add(new Event("bot", "i" + i % 3, LATER + i, null));
            }
            engine.append(events);
            append(engine, List.of());
            assertThat(engine.learned().get("i0").get("events, users")).isEqualTo(List.of(334, 1));
        }
        assertThat(anew("bot.db").get("i0").get("events, users")).isEqualTo(List.of(334, 1));
    }

    @Test
    void storeThatDropsEventsIsRefused() {
        StoreConfig config = new StoreConfig(Durability.FULL, 5_000, Duration.ZERO);
        assertThatThrownBy(() -> Engine.open(
                        TrainedModel.load(trained.resolve("model")),
                        EventStore.open(state, config),
                        new EngineConfig(null, 1 << 20, 0, CatalogueUpdates.EACH_EVENT)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("--max-events-per-user");
    }
}
