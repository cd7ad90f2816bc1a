package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hybrid model throughout its life: trained, resumed, saved, evaluated, followed live, fitted on all events, and
 * extended by new items.
 */
class TwoStageModelTest {
    private static final long SEED = 41;

    @TempDir
    private static Path directory;

    private static RunConfig config;
    private static Split split;
    private static TrainedModel model;

    @BeforeAll
    static void train() throws InterruptedException {
        RunConfig small = Logs.small(3);
        config = small.withModel(HybridConfig.defaults().withNetwork((TttConfig) small.model()));
        // All terms, so that all parts have to agree.
        config = RunConfigs.set(config, List.of("choose_terms=false"));
        split = config.open(Logs.write(directory, 60));
        model = trained();
    }

    private static TrainedModel trained() throws InterruptedException {
        try (Training training = new Training(split, config, 1, 1, TrainingListener.SILENT)) {
            return training.run(null).orElseThrow();
        }
    }

    private static CaseBlock cases(Part part) {
        int users = split.data().userCount();
        int[] all = new int[users];
        Arrays.setAll(all, user -> user);
        int[] positions = new int[users];
        Arrays.setAll(positions, user -> split.from(part, user));
        return new CaseBlock(split.data(), all, positions);
    }

    private static float[] scores(Recommender recommender, CaseBlock cases) {
        float[] scores = new float[cases.size() * (recommender.itemCount() + 1)];
        recommender.newScorer().score(cases, scores);
        return scores;
    }

    @Test
    void configurationIsWrittenReadAndSetByShortKeys() {
        RunConfig set = RunConfigs.set(RunConfig.defaults(), List.of("type=hybrid", "hidden_size=32", "neighbours=7"));
        HybridConfig hybrid = (HybridConfig) set.model();
        assertThat(hybrid.network().hiddenSize()).isEqualTo(32);
        assertThat(hybrid.neighbours()).isEqualTo(7);
        assertThat(RunConfigs.overlay(RunConfig.defaults(), RunConfigs.toMap(set), "test"))
                .isEqualTo(set);
    }

    @Test
    void wholeIsNotWorseThanItsNetworkOnValidationCases() {
        Map<String, Double> metrics = model.provenance().metrics();
        assertThat(metrics.get("validation NDCG@10")).isGreaterThan(metrics.get("validation NDCG@10 of the network"));
    }

    @Test
    void savedModelIsTheSameToTheBit() {
        Path saved = directory.resolve("saved");
        model.save(saved);
        TrainedModel loaded = TrainedModel.load(saved);
        assertThat(loaded.version()).isEqualTo(model.version());
        assertThat(loaded.config()).isEqualTo(model.config());
        assertThat(scores(loaded.recommender(), cases(Part.TEST)))
                .isEqualTo(scores(model.recommender(), cases(Part.TEST)));
    }

    @Test
    void resumedRunGivesTheSameBits() throws InterruptedException {
        Path checkpoint = directory.resolve("checkpoint");
        Stopper stopper = new Stopper();
        try (Training first = new Training(split, config, 1, 1, stopper)) {
            stopper.training = first;
            assertThat(first.run(checkpoint)).isEmpty();
        }
        assertThat(Files.exists(checkpoint)).isTrue();
        stopper.inSecondStage = true;
        try (Training second = new Training(split, config, 1, 1, stopper)) {
            stopper.training = second;
            second.resume(checkpoint);
            assertThat(second.run(checkpoint)).as("stopped in the second stage").isEmpty();
        }
        try (Training third = new Training(split, config, 1, 1, TrainingListener.SILENT)) {
            third.resume(checkpoint);
            assertThat(third.run(checkpoint).orElseThrow().version()).isEqualTo(model.version());
        }
    }

    /** Stops a run in its first epoch or later, at the start of the second stage. */
    private static final class Stopper implements TrainingListener {
        private Training training;
        private boolean inSecondStage;

        @Override
        public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
            if (!inSecondStage) {
                training.requestStop();
            }
        }

        @Override
        public void secondStage() {
            training.requestStop();
        }
    }

    /**
     * Events read one by one with their times, as a service reads them, give the scores and recommendations of the
     * evaluation.
     */
    @Test
    void liveReadingGivesTheScoresOfTheEvaluation() {
        Recommender unbounded = model.recommender(HistoryPolicy.UNBOUNDED);
        CaseBlock cases = cases(Part.TEST);
        float[] expected = scores(unbounded, cases);
        int width = split.data().itemCount() + 1;
        Recommender.Reader reader = unbounded.newReader();
        BitSet all = new BitSet();
        all.set(1, width);
        for (int user = 0; user < cases.size(); user++) {
            History history = cases.history(user);
            SequenceState state = reader.newState().orElseThrow();
            float[] vector = {};
            for (int i = 0; i < history.size(); i++) {
                vector = reader.append(state, history.item(i));
            }
            Query query = new Query(vector, history);
            float[] own = Arrays.copyOfRange(expected, user * width, (user + 1) * width);
            float[] live = reader.score(query).clone();
            for (int item = 1; item < width; item++) {
                assertThat(live[item]).isCloseTo(own[item], within(1e-4f));
            }
            Ranked full = ExactScan.select(live, all, 7);
            Ranked top = reader.top(query, 7, all);
            assertThat(top.items()).isEqualTo(full.items());
            assertThat(top.scores()).isEqualTo(full.scores());
            assertThat(reader.topOnce(query, 7, all).items()).isEqualTo(full.items());
        }
    }

    /**
     * A log with visits, repeats, long gaps and equal times. For every user and every n, a session has after n events
     * the scores that an evaluation gives case n.
     */
    @Test
    void sessionHasTheScoresOfTheEvaluationAfterEveryEvent() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        System.out.println("seed " + SEED);
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < 60; user++) {
            long time = 1_600_000_000L;
            int item = random.nextInt(20);
            for (int i = 0; i < 14; i++) {
                time += switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> 60;
                    case 2 -> 3 * 86_400;
                    default -> 50 * 86_400;
                };
                text.append("u" + user + ",i" + item + "," + time + "\n");
                item = random.nextInt(3) == 0 ? item : (item + random.nextInt(1, 4)) % 20;
            }
        }
        Path file = directory.resolve("visits.csv");
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        RunConfig visits = config.withData(PrepareOptions.keepAll());
        Split log = visits.open(file);
        TrainedModel trained;
        try (Training training = new Training(log, visits, 1, 1, TrainingListener.SILENT)) {
            trained = training.run(null).orElseThrow();
        }
        assertThat(floats(trained, "second_stage.weights")).isNotEqualTo(new float[0]);
        Dataset data = log.data();
        Recommender unbounded = trained.recommender(HistoryPolicy.UNBOUNDED);
        for (int user = 0; user < data.userCount(); user++) {
            Session session = trained.newSession();
            for (int n = 1; n < data.length(user); n++) {
                int last = data.start(user) + n - 1;
                session.append(data.items().name(data.item(user, n - 1)), instant(data.times()[last]));
                float[] batch = scores(unbounded, new CaseBlock(data, new int[] {user}, new int[] {n}));
                float[] live = session.score(instant(data.times()[last + 1]));
                for (int item = 1; item < batch.length; item++) {
                    assertThat(live[item])
                            .as("user %d, event %d, item %d", user, n, item)
                            .isCloseTo(batch[item], within(1e-3f));
                }
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Times that no log should have still give recommendations, by a defined rule. */
    @Test
    void listForTimesOutOfOrderIsDefined() {
        List<String> history = List.of("i3", "i4", "i3");
        Instant first = Instant.parse("2020-01-01T00:00:00Z");
        List<Instant> ascending = List.of(first, first.plusSeconds(60), first.plusSeconds(90));
        Recommendations atTheLast = model.recommend(history, ascending, first.plusSeconds(90), 10, ItemFilter.NONE);
        assertThat(model.recommend(history, ascending, first.minusSeconds(86_400), 10, ItemFilter.NONE))
                .as("a request before the last event counts as one at its time")
                .isEqualTo(atTheLast);
        List<List<Instant>> odd = List.of(
                List.of(first, first, first),
                List.of(first.plusSeconds(90), first.plusSeconds(60), first),
                List.of(first, first.plusSeconds(60), Instant.parse("2120-01-01T00:00:00Z")));
        for (List<Instant> times : odd) {
            Recommendations list = model.recommend(history, times, first.plusSeconds(120), 10, ItemFilter.NONE);
            assertThat(list)
                    .hasSize(10)
                    .allSatisfy(item -> assertThat(item.score()).isFinite());
        }
        assertThatThrownBy(() -> model.recommend(history, List.of(first), first, 10, ItemFilter.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 times for 3 items");
    }

    /** This occurs after a swap to a model with another catalogue. */
    @Test
    void eventOfAnItemThatTheModelDoesNotHaveIsPassedOver() {
        Instant first = Instant.parse("2020-01-01T00:00:00Z");
        Recommendations without = model.recommend(
                List.of("i3", "i4"), List.of(first, first.plusSeconds(9)), first.plusSeconds(10), 5, ItemFilter.NONE);
        assertThat(model.recommend(
                        List.of("i3", "gone", "i4"),
                        List.of(first, first.plusSeconds(5), first.plusSeconds(9)),
                        first.plusSeconds(10),
                        5,
                        ItemFilter.NONE))
                .isEqualTo(without);
    }

    @Test
    void fitOnEverythingRecountsTheTablesAndKeepsTheWeights() throws InterruptedException {
        try (Training training = Training.onEverything(model, split.data(), 1, TrainingListener.SILENT)) {
            TrainedModel all = training.run(null).orElseThrow();
            assertThat(floats(all, "second_stage.weights")).isEqualTo(floats(model, "second_stage.weights"));
            assertThat(floats(all, "second_stage.item.popularity"))
                    .isNotEqualTo(floats(model, "second_stage.item.popularity"));
        }
    }

    private static float[] floats(TrainedModel of, String name) {
        Optional<TensorData> found = of.recommender().tensors().stream()
                .filter(tensor -> tensor.name().equals(name))
                .findFirst();
        return ((TensorData.Floats) found.orElseThrow()).values();
    }

    @Test
    void newItemScoresLikeTheItemItResembles() {
        TrainedModel larger = model.withItem("new", List.of("i3"));
        Query query = query(larger, 5, 6);
        float[] scores = larger.newReader().score(query);
        float[] before = model.newReader().score(query(model, 5, 6));
        int added = larger.items().size();
        assertThat(Arrays.copyOf(scores, added)).isEqualTo(before);
        assertThat(scores[added]).isFinite();
        List<Recommendation> list = larger.newReader().recommend(query(larger, added, 6, added), 5, allowed(larger));
        assertThat(list).hasSize(5);
    }

    private static Query query(TrainedModel of, int... items) {
        ModelReader reader = of.newReader();
        return new Query(reader.append(reader.newState().orElseThrow(), items), History.of(items));
    }

    private static BitSet allowed(TrainedModel of) {
        BitSet allowed = new BitSet();
        allowed.set(1, of.items().size() + 1);
        return allowed;
    }

    @Test
    void frozenModelKeepsItsSecondStage() {
        TrainedModel frozen = model.frozen();
        assertThat(frozen.isAdaptive()).isFalse();
        assertThat(floats(frozen, "second_stage.weights")).isEqualTo(floats(model, "second_stage.weights"));
        assertThat(scores(frozen.recommender(), cases(Part.TEST)))
                .isNotEqualTo(scores(model.recommender(), cases(Part.TEST)));
    }
}
