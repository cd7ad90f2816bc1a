package io.github.ttt4rec.flink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.UserRequest;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommendation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the rules of the operator one by one. */
class RecommendFunctionTest {
    private static final JobSettings ALL = JobSettings.defaults().withK(1000);

    @TempDir
    private Path directory;

    private TrainedModel model;

    @BeforeEach
    void prepare() throws Exception {
        model = TestModels.first();
    }

    private Harness harness(JobSettings settings) throws Exception {
        return new Harness(settings, directory.resolve("model"));
    }

    @Test
    void eventsBeforeTheFirstModelWaitForItInOrder() throws Exception {
        List<UserEvent> events = Logs.events(60, 5);
        try (Harness harness = harness(ALL)) {
            for (UserEvent event : events) {
                harness.send(event);
            }
            assertThat(harness.answers()).isEmpty();
            harness.model(model);
            Truth truth = new Truth(events);
            List<UserRecommendations> answers = harness.answers();
            assertThat(answers).hasSize(truth.accepted());
            answers.forEach(answer -> truth.check(answer, model));
            harness.model(model);
            assertThat(harness.answers()).isEmpty();
        }
    }

    @Test
    void idleUserIsForgottenAndOthersAreNot() throws Exception {
        try (Harness harness = harness(ALL.withUserTtl(Duration.ofHours(1)))) {
            harness.model(model);
            harness.send("idle", "i3", "e1");
            harness.send("busy", "i4", "e1");
            harness.clock(Duration.ofMinutes(59).toMillis());
            harness.send("busy", "i5", "e2");
            harness.clock(Duration.ofMinutes(61).toMillis());
            harness.answers();
            harness.send(new UserRequest("idle", "r1", 5, ItemFilter.NONE));
            harness.send(new UserRequest("busy", "r2", 5, ItemFilter.NONE));
            harness.send("idle", "i7", "e1");
            harness.send("busy", "i6", "e2");
            List<UserRecommendations> answers = harness.answers();
            assertThat(answers).hasSize(3);
            assertThat(answers.get(0).events()).isZero();
            assertThat(answers.get(0).personal()).isFalse();
            assertThat(answers.get(1).events()).isEqualTo(2);
            // The id was forgotten with its user, who starts again; the other user's id was not.
            assertThat(answers.get(2).events()).isEqualTo(1);
            new Truth(List.of(new UserEvent("idle", "i7", 0, null))).check(answers.get(2), model);
        }
    }

    @Test
    void eventIdIsKnownAsLongAsTheEventIsKept() throws Exception {
        try (Harness harness = harness(ALL)) {
            harness.model(model);
            int kept = 2 * TestModels.MAX_LEN - 1;
            for (int i = 0; i < kept; i++) {
                harness.send("u", "i" + i, "e" + i);
            }
            assertThat(harness.answers()).hasSize(kept);
            harness.send("u", "i0", "e0");
            assertThat(harness.answers()).isEmpty();
            harness.send("u", "i1", "another");
            harness.send("u", "i0", "e0");
            assertThat(harness.answers()).hasSize(2);
        }
    }

    @Test
    void usersOfAModelThatReadsNoEventsKeepTheirsForTheNextModel() throws Exception {
        try (Harness harness = harness(ALL)) {
            harness.model(TestModels.of(new Popularity.Config(), 20, 1));
            harness.send("u", "i3", "e1");
            harness.send("u", "i4", "e2");
            harness.send("u", "i4", "e2");
            assertThat(harness.answers())
                    .extracting(UserRecommendations::personal)
                    .containsExactly(false, false);
            harness.model(model);
            harness.send("u", "i5", "e3");
            UserRecommendations answer = harness.answers().getLast();
            assertThat(answer.events()).isEqualTo(3);
            new Truth(List.of(
                            new UserEvent("u", "i3", 0, null),
                            new UserEvent("u", "i4", 0, null),
                            new UserEvent("u", "i5", 0, null)))
                    .check(answer, model);
        }
    }

    @Test
    void eventWithoutIdIsNewEachTime() throws Exception {
        try (Harness harness = harness(ALL)) {
            harness.model(model);
            harness.send("u", "i1", null);
            harness.send("u", "i1", null);
            assertThat(harness.answers())
                    .extracting(UserRecommendations::events)
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void arrivalIsTheOrderWhateverTheTimesSay() throws Exception {
        List<UserEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(new UserEvent("u", "i" + 3 * i, 1000 - i, "e" + i));
        }
        try (Harness harness = harness(ALL)) {
            harness.model(model);
            for (UserEvent event : events) {
                harness.send(event);
            }
            Truth truth = new Truth(events);
            assertThat(harness.answers()).hasSize(6).allSatisfy(answer -> truth.check(answer, model));
        }
    }

    @Test
    void requestsFilterIsObeyed() throws Exception {
        try (Harness harness = harness(ALL)) {
            harness.model(model);
            harness.send("u", "i1", "e1");
            harness.send("u", "i2", "e2");
            harness.answers();
            harness.send(new UserRequest("u", "seen", 1000, ItemFilter.UNSEEN));
            harness.send(
                    new UserRequest("u", "only", 3, new ItemFilter(List.of("i1", "i5", "none"), List.of("i5"), false)));
            List<UserRecommendations> answers = harness.answers();
            assertThat(answers.get(0).items())
                    .hasSize(18)
                    .extracting(Recommendation::item)
                    .doesNotContain("i1", "i2");
            assertThat(answers.get(1).items()).extracting(Recommendation::item).containsExactly("i1");
        }
    }

    @Test
    void tooFewEventsToRebuildFromAreRefused() throws Exception {
        try (Harness harness = harness(ALL.withKeepEvents(5))) {
            assertThatThrownBy(() -> harness.model(model))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining(
                            "history policy hop reads up to 15 events of a user: keep at least that many, not 5");
        }
        try (Harness harness = harness(ALL.withKeepEvents(100).withPolicy(HistoryPolicy.UNBOUNDED))) {
            assertThatThrownBy(() -> harness.model(model))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("reads all events of a user: keep them all (0), not the last 100");
        }
    }

    @Test
    void listsReadTypesIfTheModelHasAnInputForThem() throws Exception {
        TrainedModel typed = TestModels.typed();
        List<String> items = List.of("i3", "i7", "i7", "i1", "i12");
        List<String> types = List.of("view", "buy", "view", "view", "buy");
        int[] kinds = {1, 0, 1, 1, 0};
        try (Harness harness = harness(ALL.withTypes(TestModels.RULES))) {
            // Types are kept for the next model, whether or not the current one reads them.
            harness.model(model);
            for (int i = 0; i < items.size(); i++) {
                if (i == 2) {
                    harness.model(typed);
                }
                harness.send(new UserEvent("u", items.get(i), UserEvent.NO_TIME, null, types.get(i), Double.NaN));
            }
            List<Recommendation> expected =
                    typed.recommend(items, kinds, List.of(), Instant.EPOCH, 1000, ItemFilter.NONE);
            assertThat(expected).isNotEqualTo(typed.recommend(items, 1000));
            UserRecommendations answer = harness.answers().getLast();
            assertThat(answer.personal()).isTrue();
            assertThat(answer.items())
                    .extracting(Recommendation::item)
                    .containsExactlyElementsOf(
                            expected.stream().map(Recommendation::item).toList());
            harness.send(new UserRequest("u", "seen", 1000, ItemFilter.UNSEEN));
            assertThat(harness.answers().getFirst().items())
                    .extracting(Recommendation::item)
                    .hasSize(16)
                    .doesNotContainAnyElementsOf(items);
        }
    }

    @Test
    void modelThatReadsTypesByOtherRulesIsRefused() throws Exception {
        TrainedModel typed = TestModels.typed();
        try (Harness harness = harness(ALL)) {
            assertThatThrownBy(() -> harness.model(typed))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("numbered by --types \"buy,view=input\": give stream the same rules");
        }
        try (Harness harness = harness(ALL.withTypes("buy,view"))) {
            assertThatThrownBy(() -> harness.model(typed))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("the same rules, not \"buy,view\"");
        }
    }
}
