package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hybrid model on every road: trained, resumed, saved, evaluated, followed live, fitted on everything, and given new items. */
class TwoStageModelTest {
    @TempDir
    private static Path directory;

    private static RunConfig config;
    private static Split split;
    private static TrainedModel model;

    @BeforeAll
    static void train() throws InterruptedException {
        RunConfig small = Logs.small(3);
        config = small.withModel(HybridConfig.defaults().withNetwork((TttConfig) small.model()));
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

    /** Stops a run in its first epoch or, later, when the second stage begins. */
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

    /** Event by event, with times, as a service reads them: scores and lists are those of the evaluation. */
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
                assertThat(live[item]).isCloseTo(own[item], org.assertj.core.api.Assertions.within(1e-4f));
            }
            Ranked full = ExactScan.select(live, all, 7);
            Ranked top = reader.top(query, 7, all);
            assertThat(top.items()).isEqualTo(full.items());
            assertThat(top.scores()).isEqualTo(full.scores());
            assertThat(reader.topOnce(query, 7, all).items()).isEqualTo(full.items());
        }
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
