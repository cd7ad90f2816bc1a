package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.Session;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.engine.AppendResult.Status;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private static final int L = SmallModels.MAX_LEN;
    private static final TrainedModel MODEL = SmallModels.of(20, 1);
    private static final TrainedModel OTHER = SmallModels.of(24, 2);

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Engine engine;

    @BeforeEach
    void open() {
        engine = open(MODEL, 0, Duration.ZERO, EngineConfig.defaults());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Engine open(TrainedModel model, long maxEvents, Duration ttl, EngineConfig config) {
        StoreConfig kept = new StoreConfig(Durability.OFF, maxEvents, ttl);
        return Engine.open(model, EventStore.open(directory.resolve("state.db"), kept, () -> now), config);
    }

    private void reopen(TrainedModel model) {
        engine.close();
        engine = open(model, 0, Duration.ZERO, EngineConfig.defaults());
    }

    private AppendResult append(String user, String item) {
        return engine.append(new Event(user, item, 5, null));
    }

    private List<String> ids(String user, ItemFilter filter) {
        return engine.recommend(user, 100, filter).items().stream()
                .map(Recommendation::item)
                .toList();
    }

    @Test
    void aUserOfWhomNothingIsKnownGetsWhatIsPopular() {
        Recommended answer = engine.recommend("nobody", 3, ItemFilter.NONE);
        assertThat(answer.items().basis()).isEqualTo(Basis.POPULARITY);
        assertThat(answer.events()).isZero();
        assertThat(answer.modelVersion()).isEqualTo(MODEL.version());
        assertThat(answer.items()).hasSize(3);
        for (Recommendation item : answer.items()) {
            assertThat(item.score())
                    .isEqualTo((float) MODEL.popularity()[MODEL.items().indexOf(item.item())]);
        }
        assertThat(engine.statistics().users()).as("asking makes no user").isZero();

        assertThat(append("anna", "never heard of").status()).isEqualTo(Status.ACCEPTED_UNKNOWN_ITEM);
        answer = engine.recommend("anna", 3, ItemFilter.UNSEEN);
        assertThat(answer.items().basis()).isEqualTo(Basis.POPULARITY);
        assertThat(answer.events()).isEqualTo(1);
        assertThat(append("anna", "i3").status()).isEqualTo(Status.ACCEPTED);
        assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items().basis()).isEqualTo(Basis.PERSONAL);
        assertThat(engine.recommend(List.of("what", "is this"), 3, ItemFilter.NONE)
                        .items()
                        .basis())
                .isEqualTo(Basis.POPULARITY);
        assertThat(engine.recommend(List.of(), 3, ItemFilter.NONE).items().basis())
                .isEqualTo(Basis.POPULARITY);
    }

    @Test
    void anEventChangesTheNextAnswerAsALiveSessionDoes() {
        Session session = MODEL.newSession();
        for (int i = 0; i < 2 * L - 1; i++) {
            String item = "i" + i * 7 % 20;
            append("anna", item);
            session.append(item);
            Recommended answer = engine.recommend("anna", 20, ItemFilter.NONE);
            List<Recommendation> expected = session.recommend(20, ItemFilter.NONE);
            for (int k = 0; k < 20; k++) {
                assertThat(answer.items().get(k).score())
                        .isCloseTo(expected.get(k).score(), within(1e-5f));
            }
        }
    }

    @Test
    void filtersHoldForUsersHistoriesAndStrangers() {
        List.of("i1", "i2", "i3").forEach(item -> append("anna", item));
        assertThat(ids("anna", ItemFilter.NONE)).hasSize(20);
        assertThat(ids("anna", ItemFilter.UNSEEN)).hasSize(17).doesNotContain("i1", "i2", "i3");
        ItemFilter some = new ItemFilter(List.of("i3", "i4", "i4", "i5", "nothing"), List.of("i5", "nothing"), false);
        assertThat(ids("anna", some)).containsExactlyInAnyOrder("i3", "i4");
        assertThat(ids("nobody", some)).containsExactlyInAnyOrder("i3", "i4");
        assertThat(engine.recommend(List.of("i3"), 9, new ItemFilter(some.only(), List.of(), true))
                        .items())
                .extracting(Recommendation::item)
                .containsExactlyInAnyOrder("i4", "i5");
        assertThat(engine.similarItems("i3", new ListRequest(9, some)).items())
                .extracting(Recommendation::item)
                .containsExactly("i4");
        assertThat(ids("anna", new ItemFilter(List.of("nothing"), List.of(), false)))
                .isEmpty();
        assertThat(engine.recommend("anna", 2, ItemFilter.NONE).items())
                .isEqualTo(engine.recommend("anna", 20, ItemFilter.NONE).items().subList(0, 2));
        assertThatThrownBy(() -> engine.similarItems("nothing", new ListRequest(3, ItemFilter.NONE)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void deniedOrUnavailableItemIsNoLongerRecommended() {
        append("anna", "i1");
        assertThat(engine.deny(Set.of("i2", "i3", "later"))).containsExactly("later");
        assertThat(engine.denied()).containsExactlyInAnyOrder("i2", "i3", "later");
        assertThat(engine.setAvailability("i4", false)).isTrue();
        assertThat(engine.setAvailability("i21", false))
                .as("no item of this model")
                .isFalse();
        for (int round = 0; round < 2; round++) {
            assertThat(ids("anna", ItemFilter.NONE)).hasSize(17).doesNotContain("i2", "i3", "i4");
            assertThat(ids("nobody", ItemFilter.NONE)).hasSize(17).doesNotContain("i2", "i3", "i4");
            assertThat(engine.recommendFrozen(List.of("i1"), List.of(), new ListRequest(100, ItemFilter.NONE))
                            .items())
                    .hasSize(17);
            assertThat(engine.similarItems("i1", new ListRequest(100, ItemFilter.NONE))
                            .items())
                    .hasSize(16);
            reopen(MODEL);
        }
        engine.swap(OTHER);
        assertThat(ids("anna", ItemFilter.NONE)).hasSize(20).doesNotContain("i2", "i3", "i4", "i21");
        engine.deny(Set.of());
        engine.setAvailability("i4", true);
        assertThat(engine.denied()).isEmpty();
        assertThat(ids("anna", ItemFilter.NONE)).hasSize(23).doesNotContain("i21");
        assertThat(engine.recommendFrozen(List.of("i1"), List.of(), new ListRequest(100, ItemFilter.NONE))
                        .items())
                .hasSize(23);
    }

    @Test
    void frozenFastWeightsGiveAnotherListAndThoseOfTheFrozenModel() {
        List<String> history = List.of("i1", "i5", "i1", "i5", "i9");
        Recommended frozen = engine.recommendFrozen(history, List.of(), new ListRequest(20, ItemFilter.NONE));
        Reference.assertSame("frozen", MODEL.frozen(), HistoryPolicy.HOP, history, frozen);
        List<Recommendation> adaptive =
                engine.recommend(history, 20, ItemFilter.NONE).items();
        assertThat(adaptive).isNotEqualTo(frozen.items());
        assertThat(engine.model().adaptive()).isTrue();
        engine.swap(SmallModels.of(new Gru4Rec.Config(8, 12, 1, 0.1), 20, 1));
        assertThat(engine.model().adaptive()).isFalse();
        assertThatThrownBy(() -> engine.recommendFrozen(history, List.of(), new ListRequest(3, ItemFilter.NONE)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no fast weights");
    }

    @Test
    void aUsersViewShowsWhatEachEventDidToTheFastWeights() {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < 2 * L + 3; i++) {
            items.add(i % 5 == 2 ? "unknown" : "i" + i * 3 % 20);
            engine.append(new Event("anna", items.getLast(), 1000 + i, i % 2 == 0 ? "e" + i : null));
        }
        int start = HistoryPolicy.HOP.start(items.size(), L);
        assertThat(start).isEqualTo(L);
        UserView view = engine.user("anna").orElseThrow();
        assertThat(view.events()).isEqualTo(items.size());
        assertThat(view.modelVersion()).isEqualTo(MODEL.version());
        Session session = MODEL.newSession();
        for (int i = 0; i < items.size(); i++) {
            SeenItem seen = view.history().get(i);
            boolean known = !items.get(i).equals("unknown");
            assertThat(seen.position()).isEqualTo(i);
            assertThat(seen.item()).isEqualTo(items.get(i));
            assertThat(seen.timeMicros()).isEqualTo(1000 + i);
            assertThat(seen.eventId()).isEqualTo(i % 2 == 0 ? "e" + i : "auto-" + i);
            assertThat(seen.known()).isEqualTo(known);
            if (known && i >= start) {
                session.append(items.get(i));
                InnerStep step = session.state().lastStep().orElseThrow();
                assertThat(seen.innerLoss()).isCloseTo(step.loss(), within(1e-9));
                assertThat(seen.change()).isCloseTo(step.change(), within(1e-9)).isPositive();
            } else {
                assertThat(seen.innerLoss()).isNull();
                assertThat(seen.change()).isNull();
            }
        }
        assertThat(engine.user("nobody")).isEmpty();
        engine.swap(SmallModels.of(new Gru4Rec.Config(8, 12, 1, 0.1), 20, 1));
        assertThat(engine.user("anna").orElseThrow().history())
                .allMatch(seen -> seen.innerLoss() == null && seen.change() == null);
    }

    @Test
    void forgottenUserIsTreatedAsUnknown() {
        append("anna", "i1");
        append("ben", "i1");
        engine.recommend("anna", 3, ItemFilter.NONE);
        assertThat(engine.forget("anna")).isTrue();
        assertThat(engine.forget("anna")).isFalse();
        assertThat(engine.user("anna")).isEmpty();
        assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items().basis()).isEqualTo(Basis.POPULARITY);
        assertThat(engine.recommend("ben", 3, ItemFilter.NONE).items().basis()).isEqualTo(Basis.PERSONAL);
        assertThat(append("anna", "i2").position()).isZero();
        assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items())
                .isEqualTo(engine.recommend(List.of("i2"), 3, ItemFilter.NONE).items());
    }

    @Test
    void anAddedItemIsOneOfTheCatalogueUntilAModelKnowsIt() {
        append("anna", "new");
        append("ben", "i1");
        engine.addItem("new", List.of("i1", "i2"));
        engine.addItem("newer", List.of("new"));
        for (int round = 0; round < 2; round++) {
            assertThat(engine.model().addedItems()).containsExactly("new", "newer");
            assertThat(engine.model().items()).isEqualTo(22);
            assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items().basis())
                    .as("what anna had is known by now")
                    .isEqualTo(Basis.PERSONAL);
            assertThat(ids("ben", ItemFilter.NONE)).contains("new", "newer");
            Reference.assertSame(
                    "ben",
                    engine.trained(),
                    HistoryPolicy.HOP,
                    List.of("i1"),
                    engine.recommend("ben", 99, ItemFilter.NONE));
            reopen(MODEL);
        }
        assertThatThrownBy(() -> engine.addItem("new", List.of("i1"))).isInstanceOf(UserFacingException.class);
        assertThatThrownBy(() -> engine.addItem("x", List.of("nothing"))).isInstanceOf(UserFacingException.class);
        assertThatThrownBy(() -> engine.addItem("x", List.of())).isInstanceOf(UserFacingException.class);
        assertThatThrownBy(() -> engine.addItem("", List.of("i1"))).isInstanceOf(UserFacingException.class);
        assertThat(engine.model().items()).isEqualTo(22);

        engine.swap(OTHER);
        assertThat(engine.model().addedItems()).containsExactly("new", "newer");
        engine.addItem("odd", List.of("i23"));
        engine.swap(MODEL);
        assertThat(engine.model().leftOut()).as("this model knows no i23").containsExactly("odd");
        engine.addItem("odd", List.of("i3"));
        assertThat(engine.model().leftOut()).isEmpty();
        reopen(MODEL);
        assertThat(engine.model().addedItems()).containsExactly("new", "newer", "odd");
    }

    @Test
    void addingAnItemKeepsTheStatesThatItDoesNotConcern() {
        List.of("i1", "i2", "i3").forEach(item -> append("anna", item));
        List.of("i1", "new").forEach(item -> append("ben", item));
        long before = engine.statistics().replays();
        engine.addItem("new", List.of("i1"));
        append("anna", "i4");
        engine.recommend("anna", 3, ItemFilter.NONE);
        assertThat(engine.statistics().replays()).isEqualTo(before);
        engine.recommend("ben", 3, ItemFilter.NONE);
        assertThat(engine.statistics().replays()).isEqualTo(before + 1);
    }

    @Test
    void aModelThatCannotBeUsedIsRefusedAndTheOneInUseStays() {
        append("anna", "i1");
        TrainedModel broken = SmallModels.of(20, 3);
        broken.network().parameters().all().getFirst().value()[20] = Float.NaN;
        broken.network().parameters().updated();
        assertThatThrownBy(() -> engine.swap(broken))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("not fit for use");
        assertThat(engine.model().version()).isEqualTo(MODEL.version());
        assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items().basis()).isEqualTo(Basis.PERSONAL);
        engine.close();

        TrainedModel sasrec = SmallModels.of(new SasRec.Config(1, 2, 8, 16, 0.1, 0.1, L), 20, 1);
        EngineConfig hop = new EngineConfig(HistoryPolicy.HOP, 1 << 20);
        assertThatThrownBy(() -> open(sasrec, 0, Duration.ZERO, hop))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("knows 8 positions");
        EngineConfig unbounded = new EngineConfig(HistoryPolicy.UNBOUNDED, 1 << 20);
        assertThatThrownBy(() -> open(MODEL, 1000, Duration.ZERO, unbounded))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("keep them all");
        assertThatThrownBy(() -> open(MODEL, 2 * L - 2, Duration.ZERO, hop))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("keep at least");
        engine = open(sasrec, L, Duration.ZERO, EngineConfig.defaults());
        assertThat(engine.model().policy()).as("what it can read").isEqualTo(HistoryPolicy.WINDOW);
        assertThat(engine.recommend("anna", 3, ItemFilter.NONE).items().basis()).isEqualTo(Basis.PERSONAL);
        assertThatThrownBy(() -> engine.swap(MODEL))
                .as("hop, with too few events kept")
                .isInstanceOf(UserFacingException.class);
        engine.swap(SmallModels.of(new Bert4Rec.Config(1, 2, 8, 16, 0.1, 0.1, 0.2, 0.5, L), 20, 1));
        assertThat(engine.model().policy()).isEqualTo(HistoryPolicy.WINDOW);
    }

    @Test
    void memoryStaysWithinItsBound() {
        engine.close();
        long limit = 40_000;
        engine = open(MODEL, 0, Duration.ZERO, new EngineConfig(null, limit));
        for (int i = 0; i < 300; i++) {
            append("user " + i % 100, "i" + i % 20);
            EngineStatistics statistics = engine.statistics();
            assertThat(statistics.cacheBytes()).isBetween(1L, limit);
        }
        EngineStatistics statistics = engine.statistics();
        assertThat(statistics.cacheLimitBytes()).isEqualTo(limit);
        assertThat(statistics.evictions()).isPositive();
        assertThat(statistics.cachedUsers()).isBetween(1L, 99L);
        assertThat(statistics.cachedStates()).isBetween(1L, 99L);
        assertThat(statistics.replays()).isGreaterThan(100);
        assertThat(statistics.users()).isEqualTo(100);
        assertThat(statistics.events()).isEqualTo(300);
        assertThat(statistics.accepted()).isEqualTo(300);
        assertThat(statistics.commits()).isPositive();
    }

    @Test
    void readsAreServedFromMemoryAndStatesGoOn() {
        append("anna", "i1");
        long replays = engine.statistics().replays();
        for (int i = 0; i < 10; i++) {
            engine.recommend("anna", 3, ItemFilter.NONE);
            append("anna", "i2");
        }
        assertThat(engine.statistics().hits()).isEqualTo(10);
        assertThat(engine.statistics().misses()).isZero();
        assertThat(engine.statistics().replays())
                .as("one hop: after 8 events more")
                .isEqualTo(replays);
        reopen(MODEL);
        engine.recommend("anna", 3, ItemFilter.NONE);
        engine.recommend("anna", 3, ItemFilter.NONE);
        assertThat(engine.statistics().misses()).isEqualTo(1);
        assertThat(engine.statistics().hits()).isEqualTo(1);
        assertThat(engine.statistics().replays()).isEqualTo(1);
        assertThat(engine.statistics().replayedEvents()).isEqualTo(11);
    }

    @Test
    void idleUsersAreForgottenInMemoryToo() {
        engine.close();
        engine = open(MODEL, 0, Duration.ofHours(2), EngineConfig.defaults());
        IntStream.range(0, 5).forEach(i -> append("user " + i, "i1"));
        now = now.plus(Duration.ofHours(5));
        append("user 3", "i2");
        engine.sweep();
        assertThat(engine.statistics().forgottenIdle()).isEqualTo(4);
        assertThat(engine.statistics().users()).isEqualTo(1);
        assertThat(engine.recommend("user 0", 3, ItemFilter.NONE).items().basis())
                .isEqualTo(Basis.POPULARITY);
        assertThat(engine.recommend("user 3", 3, ItemFilter.NONE).events()).isEqualTo(2);
    }

    @Test
    void aBackupCanBeServedFrom() {
        append("anna", "i1");
        Path copy = directory.resolve("copy.db");
        engine.backup(copy);
        append("anna", "i2");
        EventStore restored = EventStore.open(copy, StoreConfig.defaults());
        try (Engine other = Engine.open(MODEL, restored, EngineConfig.defaults())) {
            assertThat(other.recommend("anna", 3, ItemFilter.NONE).items())
                    .isEqualTo(
                            engine.recommend(List.of("i1"), 3, ItemFilter.NONE).items());
        }
    }

    @Test
    void closedEngineReportsThatItIsClosed() {
        append("anna", "i1");
        engine.close();
        assertThatThrownBy(() -> append("anna", "i1")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> engine.recommend("ben", 3, ItemFilter.NONE)).isInstanceOf(StoreException.class);
        assertThat(engine.append(List.of())).isEmpty();
    }
}
