package io.github.ttt4rec.lab.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.Logs;
import io.github.ttt4rec.lab.tune.Tuning.End;
import io.github.ttt4rec.lab.tune.TuningPlan.Budget;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
    private static final List<String> SMALL = List.of(
            "layer=linear",
            "hidden_size=8",
            "num_heads=2",
            "intermediate_size=16",
            "max_len=8",
            "batch_size=64",
            "learning_rate=0.01",
            "epochs=2");
    private static final List<String> RATES = List.of("learning_rate=log(0.001,0.1)", "mini_batch_size=choice(1,4,8)");

    @TempDir
    private Path directory;

    private Path out;
    private Split split;
    private @Nullable Tuning open;

    /** Records what is tried, and requests a stop after a number of trials or training steps. */
    private static final class Watch implements TuningListener {
        final List<String> started = new ArrayList<>();
        final AtomicReference<Tuning> running = new AtomicReference<>();
        int stopAfterTrials = Integer.MAX_VALUE;
        int stopAfterSteps = Integer.MAX_VALUE;
        int killAfterEpochs = Integer.MAX_VALUE;
        int steps;
        int epochs;

        @Override
        public void started(int number, Map<String, Object> values, boolean resumed) {
            started.add(number + (resumed ? " resumed" : ""));
        }

        @Override
        public TrainingListener training(int number) {
            return new TrainingListener() {
                @Override
                public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                    if (++steps == stopAfterSteps) {
                        running.get().requestStop();
                    }
                }

                @Override
                public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                    if (++epochs == killAfterEpochs) {
                        throw new IllegalStateException("killed");
                    }
                }
            };
        }

        @Override
        public void finished(Trial trial, boolean best) {
            if (trial.number() == stopAfterTrials) {
                running.get().requestStop();
            }
        }
    }

    @BeforeEach
    void read() {
        out = directory.resolve("search");
        split = shared(RunConfig.defaults()).open(Logs.writeUneven(directory.resolve("events.csv"), 60));
    }

    private static RunConfig shared(RunConfig config) {
        return config.withData(PrepareOptions.keepAll()).withSplit(SplitSpec.parse("leave-one-out"));
    }

    private static RunConfig network(String... more) {
        List<String> settings = new ArrayList<>(SMALL);
        settings.addAll(List.of(more));
        return shared(RunConfigs.ofType("ttt4rec", null, settings));
    }

    private static RunConfig itemKnn() {
        return shared(RunConfigs.ofType("item-knn", null, List.of("max_len=8")));
    }

    private static TuningPlan plan(RunConfig subject, List<String> ranges, int trials) {
        return plan(subject, ranges, trials, Protocol.ALL);
    }

    private static TuningPlan plan(RunConfig subject, List<String> ranges, int trials, Protocol protocol) {
        return new TuningPlan(
                subject,
                SearchSpace.parse(ranges, subject),
                Search.TPE,
                true,
                3,
                1,
                new Budget(trials, Double.POSITIVE_INFINITY),
                protocol);
    }

    private Tuning tuning(TuningPlan plan, Watch watch) {
        return tuning(plan, false, watch);
    }

    /** Opens a search after closing the previous one, as another process would find it. */
    private Tuning tuning(TuningPlan plan, boolean force, Watch watch) {
        close();
        open = new Tuning(plan, split, out, force, watch);
        watch.running.set(open);
        return open;
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    /** The trials without their times. */
    private static List<Trial> untimed(Tuning tuning) {
        return tuning.trials().stream()
                .map(trial -> new Trial(
                        trial.number(),
                        trial.values(),
                        trial.status(),
                        trial.ndcg(),
                        trial.hitRate(),
                        trial.bestEpoch(),
                        trial.curve(),
                        0,
                        trial.passedOver(),
                        trial.reason()))
                .toList();
    }

    @Test
    void stoppedOrKilledItGoesOnWithTheSameTrials() throws Exception {
        int trials = TreeParzen.STARTUP + 2;
        Watch first = new Watch();
        first.stopAfterTrials = 2;
        assertThat(tuning(plan(network(), RATES, trials), first).run()).isEqualTo(End.STOPPED);
        assertThat(first.started).containsExactly("1", "2");

        Watch second = new Watch();
        second.stopAfterSteps = 3;
        assertThat(tuning(plan(network(), RATES, trials), second).run()).isEqualTo(End.STOPPED);
        assertThat(second.started).containsExactly("3");
        assertThat(out.resolve("checkpoint.safetensors")).exists();

        Watch third = new Watch();
        third.killAfterEpochs = 3;
        assertThatThrownBy(() -> tuning(plan(network(), RATES, trials), third).run())
                .hasMessage("killed");
        assertThat(third.started).containsExactly("3 resumed", "4");

        Watch fourth = new Watch();
        Tuning last = tuning(plan(network(), RATES, trials), fourth);
        assertThat(last.run()).isEqualTo(End.BUDGET);
        assertThat(fourth.started).hasSize(trials - 3).startsWith("4", "5").endsWith("" + trials);
        assertThat(out.resolve("checkpoint.safetensors")).doesNotExist();

        Watch fifth = new Watch();
        Tuning again = tuning(plan(network(), RATES, trials), fifth);
        assertThat(again.run()).isEqualTo(End.BUDGET);
        assertThat(fifth.started).isEmpty();
        assertThat(again.trials()).isEqualTo(last.trials());

        out = directory.resolve("whole");
        Tuning whole = tuning(plan(network(), RATES, trials), new Watch());
        assertThat(whole.run()).isEqualTo(End.BUDGET);
        assertThat(untimed(whole)).isEqualTo(untimed(last));
        assertThat(whole.trials().getFirst().values())
                .as("first the subject as it is")
                .containsEntry("train.learning_rate", 0.01)
                .containsEntry("model.mini_batch_size", 8);
        assertThat(whole.trials().stream().map(Trial::values).distinct()).hasSize(trials);

        Tuning more = tuning(plan(network(), RATES, trials + 1), new Watch());
        assertThat(more.run()).isEqualTo(End.BUDGET);
        assertThat(untimed(more).subList(0, trials)).isEqualTo(untimed(last));
    }

    @Test
    void bestConfigurationTrainsToTheBestModelAndTheTestIsAskedOnce() throws Exception {
        Tuning tuning = tuning(plan(network(), RATES, 4), new Watch());
        assertThat(tuning.run()).isEqualTo(End.BUDGET);
        Trial best = tuning.best().orElseThrow();
        assertThat(tuning.trials())
                .allSatisfy(trial -> assertThat(trial.score()).isLessThanOrEqualTo(best.score()));
        assertThat(out.resolve("test.json")).doesNotExist();

        RunConfig config = RunConfigs.read(tuning.bestFile(), RunConfig.defaults());
        assertThat(config).isEqualTo(tuning.config(best));
        TrainedModel kept = TrainedModel.load(tuning.modelDirectory().orElseThrow());
        TrainedModel trained;
        try (Training training = new Training(split, config, 3, 1, TrainingListener.SILENT)) {
            trained = training.run(null).orElseThrow();
        }
        assertThat(kept.provenance().metrics()).containsEntry("validation NDCG@10", best.score());
        for (int i = 0; i < trained.network().parameters().all().size(); i++) {
            assertThat(kept.network().parameters().all().get(i).value())
                    .isEqualTo(trained.network().parameters().all().get(i).value());
        }

        double tested = tuning.test().orElseThrow().value("NDCG@10");
        assertThat(tested).isEqualTo(trained.evaluate(split, Part.TEST).value("NDCG@10"));
        assertThat(out.resolve("test.json")).content().contains("\"test NDCG@10\" : " + tested);

        List<String> csv = Files.readAllLines(out.resolve("trials.csv"));
        assertThat(csv).hasSize(5);
        assertThat(csv.getFirst()).endsWith(",seconds,train.learning_rate,model.mini_batch_size,reason");
        assertThat(csv.get(1)).startsWith("1,finished,").endsWith(",0.01,8,");
    }

    @Test
    void neighbourMethodsAreTunedOnTheirValidationCases() throws Exception {
        Tuning tuning = tuning(plan(itemKnn(), DefaultSpaces.of("item-knn"), 12), new Watch());
        assertThat(tuning.run()).isEqualTo(End.BUDGET);
        Trial best = tuning.best().orElseThrow();
        RunConfig config = RunConfigs.read(tuning.bestFile(), RunConfig.defaults());
        assertThat(config).isEqualTo(tuning.config(best));
        assertThat(((ItemKnn.Options) config.model()).maxLen()).isEqualTo(8);
        double validation = new Evaluator(EvaluationOptions.defaults("last 8 items"))
                .evaluate(new ItemKnn(split, (ItemKnn.Options) config.model()), split, Part.VALIDATION)
                .value("NDCG@10");
        assertThat(best.score()).isEqualTo(validation);
        assertThat(best.score())
                .isGreaterThanOrEqualTo(tuning.trials().getFirst().score());
        assertThat(TrainedModel.load(tuning.modelDirectory().orElseThrow()).config())
                .isEqualTo(config);
        assertThat(tuning.test().orElseThrow().value("NDCG@10")).isPositive();
    }

    @Test
    void divergedTrialCountsAsFailedAndTheSearchContinues() throws Exception {
        Tuning tuning = tuning(plan(network(), List.of("learning_rate=choice(0.01,0.02,1e38)"), 9), new Watch());
        assertThat(tuning.run()).as("all three are tried").isEqualTo(End.EXHAUSTED);
        assertThat(tuning.trials()).hasSize(3);
        Trial failed = tuning.trials().stream()
                .filter(trial -> trial.status() == Trial.Status.FAILED)
                .findFirst()
                .orElseThrow();
        assertThat(failed.values()).containsEntry("train.learning_rate", 1e38);
        assertThat(failed.reason()).startsWith("epoch 1, ");
        assertThat(failed.ndcg()).isNull();
        assertThat(tuning.best().orElseThrow().number()).isNotEqualTo(failed.number());
        assertThat(Files.readString(out.resolve("trials.csv")))
                .contains(failed.number() + ",failed,,,0,", ",\"epoch 1, ");
    }

    @Test
    void nothingButFailuresEndsTheSearch() {
        Tuning tuning =
                tuning(plan(network("learning_rate=1e38"), List.of("learning_rate=log(1e37,1e38)"), 9), new Watch());
        assertThatThrownBy(tuning::run)
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("all 5 trials failed, the last in epoch 1")
                .hasMessageContaining("smaller learning rates");
        assertThat(tuning.trials()).hasSize(5);
        assertThat(tuning.best()).isEmpty();
    }

    @Test
    void badTrialsAreStoppedEarlyEvenIfTheStopItselfWasLost() throws Exception {
        // With a rate of 1e-9 nothing is learned. With seed 11 this trial is the last.
        RunConfig subject = network("epochs=8", "patience=8");
        SearchSpace space =
                SearchSpace.parse(List.of("learning_rate=choice(0.01,0.012,0.014,0.016,0.018,0.02,1e-9)"), subject);
        Tuning six = tuning(
                new TuningPlan(subject, space, Search.TPE, true, 11, 1, new Budget(6, 60), Protocol.ALL), new Watch());
        assertThat(six.run()).isEqualTo(End.BUDGET);
        assertThat(six.trials()).noneMatch(trial -> trial.values().containsValue(1e-9));

        // Stopped after five epochs, and killed before the trial was saved.
        AtomicReference<Training> running = new AtomicReference<>();
        TrainingListener stops = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                if (epoch.epoch() == MedianRule.GRACE) {
                    running.get().requestStop();
                }
            }
        };
        RunConfig config = RunConfigs.with(subject, Map.of("train.learning_rate", 1e-9), "test");
        try (Training training = new Training(split, config, 11, 1, stops)) {
            running.set(training);
            assertThat(training.run(out.resolve("checkpoint.safetensors"))).isEmpty();
        }

        Watch watch = new Watch();
        Tuning seven =
                tuning(new TuningPlan(subject, space, Search.TPE, true, 11, 1, new Budget(7, 60), Protocol.ALL), watch);
        assertThat(seven.run()).isEqualTo(End.BUDGET);
        assertThat(watch.started).containsExactly("7 resumed");
        Trial hopeless = seven.trials().getLast();
        assertThat(hopeless.values()).containsValue(1e-9);
        assertThat(hopeless.status()).isEqualTo(Trial.Status.STOPPED);
        assertThat(hopeless.curve()).hasSize(MedianRule.GRACE);
        assertThat(hopeless.ndcg()).isNotNull();
        assertThat(seven.best()).isEqualTo(six.best());

        out = directory.resolve("whole");
        Tuning whole = tuning(
                new TuningPlan(subject, space, Search.TPE, true, 11, 1, new Budget(7, 60), Protocol.ALL), new Watch());
        assertThat(whole.run()).isEqualTo(End.BUDGET);
        assertThat(untimed(whole)).isEqualTo(untimed(seven));

        out = directory.resolve("full");
        Tuning full = tuning(
                new TuningPlan(subject, space, Search.TPE, false, 11, 1, new Budget(7, 60), Protocol.ALL), new Watch());
        assertThat(full.run()).isEqualTo(End.BUDGET);
        assertThat(full.trials()).allMatch(trial -> trial.status() == Trial.Status.FINISHED);
        assertThat(full.trials().getLast().curve()).hasSize(8);
    }

    @Test
    void minutesCountTheTrialsOfAllStarts() throws Exception {
        RunConfig subject = itemKnn();
        TuningPlan plan = plan(subject, DefaultSpaces.of("item-knn"), 2);
        assertThat(tuning(plan, new Watch()).run()).isEqualTo(End.BUDGET);
        TuningPlan noTime = new TuningPlan(
                subject, plan.space(), Search.TPE, true, 3, 1, new Budget(Integer.MAX_VALUE, 1e-9), Protocol.ALL);
        Watch watch = new Watch();
        assertThat(tuning(noTime, watch).run()).isEqualTo(End.BUDGET);
        assertThat(watch.started).isEmpty();
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws Exception {
        assertThat(tuning(plan(itemKnn(), DefaultSpaces.of("item-knn"), 1), new Watch())
                        .run())
                .isEqualTo(End.BUDGET);
        assertThatThrownBy(() -> tuning(plan(itemKnn(), List.of("decay=uniform(0.1,1)"), 1), new Watch()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("holds a search with other settings")
                .hasMessageContaining("range of model.decay was uniform(0.2,1), is now uniform(0.1,1)")
                .hasMessageContaining("--force");
        split = shared(RunConfig.defaults()).open(Logs.writeUneven(directory.resolve("events.csv"), 61));
        assertThatThrownBy(() -> tuning(plan(itemKnn(), DefaultSpaces.of("item-knn"), 1), new Watch()))
                .hasMessageContaining("other data;");
        Watch forced = new Watch();
        assertThat(tuning(plan(itemKnn(), DefaultSpaces.of("item-knn"), 1), true, forced)
                        .run())
                .isEqualTo(End.BUDGET);
        assertThat(forced.started).containsExactly("1");

        split = shared(RunConfig.defaults())
                .withSplit(SplitSpec.parse("1:0:1"))
                .split()
                .apply(split.data());
        assertThatThrownBy(() -> tuning(plan(itemKnn(), DefaultSpaces.of("item-knn"), 1), new Watch()))
                .hasMessageContaining("no validation case");
    }

    @Test
    void findingsNameTheBestValuesAndEdges() {
        SearchSpace space = SearchSpace.parse(
                List.of("decay=uniform(0.2,1)", "neighbours=logint(10,100)", "remind=choice(true,false)"), itemKnn());
        List<Trial> trials = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            Map<String, Object> values =
                    Map.of("model.decay", i / 8.0, "model.neighbours", 10 * i, "model.remind", i % 2 == 0);
            trials.add(new Trial(i, values, Trial.Status.FINISHED, 0.1 * i, 0.0, 0, List.of(), 1, 0, null));
        }
        assertThat(Finding.of(space, trials))
                .containsExactly(
                        new Finding("decay", "1", "0.875 to 1", "uniform(0.2,1)", true),
                        new Finding("neighbours", "80", "70 to 80", "logint(10,100)", false),
                        new Finding("remind", "true", "false ×1, true ×1", "choice(true,false)", false));
    }

    private double unseenNdcg(TrainedModel model, Part part) throws InterruptedException {
        return new Evaluator(EvaluationOptions.defaults("last 8 items").withProtocol(Protocol.UNSEEN))
                .evaluate(model.recommender(), split, part)
                .value("NDCG@10");
    }

    @Test
    void trialsAreValidatedAndTestedByTheProtocolUnseen() throws Exception {
        for (RunConfig subject : List.of(itemKnn(), network(), hybrid())) {
            out = directory.resolve(subject.model().type());
            List<String> ranges = subject.equals(itemKnn())
                    ? List.of("decay=uniform(0.2,1)")
                    : List.of("learning_rate=log(0.001,0.1)");
            Tuning tuning = tuning(plan(subject, ranges, 2, Protocol.UNSEEN), new Watch());
            assertThat(tuning.run()).isEqualTo(End.BUDGET);
            TrainedModel model = TrainedModel.load(tuning.modelDirectory().orElseThrow());
            Trial best = tuning.best().orElseThrow();
            assertThat(best.score()).isEqualTo(unseenNdcg(model, Part.VALIDATION));
            assertThat(best.score())
                    .as("the protocol all gives another figure")
                    .isNotEqualTo(model.provenance().metrics().get("validation NDCG@10"));
            assertThat(tuning.test().orElseThrow().value("NDCG@10")).isEqualTo(unseenNdcg(model, Part.TEST));
            assertThat(Files.readString(tuning.bestFile())).contains("by protocol unseen");
            assertThatThrownBy(() -> tuning(plan(subject, ranges, 2), new Watch()))
                    .as("a search by the other protocol")
                    .isInstanceOf(UserFacingException.class);
        }
    }

    private static RunConfig hybrid() {
        return shared(RunConfigs.ofType("hybrid", null, SMALL));
    }

    @Test
    void hybridModelIsValidatedAsAWhole() throws Exception {
        Tuning tuning = tuning(plan(hybrid(), List.of("neighbours=int(1,5)"), 2), new Watch());
        assertThat(tuning.run()).isEqualTo(End.BUDGET);
        TrainedModel model = TrainedModel.load(tuning.modelDirectory().orElseThrow());
        assertThat(tuning.best().orElseThrow().score())
                .isEqualTo(model.provenance().metrics().get("validation NDCG@10"))
                .isNotEqualTo(model.provenance().metrics().get("validation NDCG@10 of the network"));
    }
}
