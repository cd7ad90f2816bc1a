package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.TrainConfig.ExampleForm;
import io.github.ttt4rec.train.TrainConfig.Loss;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import io.github.ttt4rec.ttt.TttModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final long SEED = 2020;
    private static final int ITEMS = 60;
    private static final int MAX_LEN = 12;
    private static final String FINGERPRINT = "this data and configuration";
    private static final Split SPLIT = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 300, ITEMS, 0.2));
    /** A small split, sufficient for tests of bit-identical results. */
    private static final Split SMALL = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 60, ITEMS, 0.2));

    /** The same without validation cases, so that the last epoch counts as the best. */
    private static final Split UNVALIDATED = PatternLog.ratio(1, 0, 1).apply(PatternLog.pattern(SEED, 60, ITEMS, 0.2));

    @TempDir
    Path directory;

    private static TttModel model(InnerModelType layer, boolean tied, double dropout) {
        TttConfig config =
                new TttConfig(layer, Backbone.TRANSFORMER, false, 1, 16, 2, 32, 4, 1.0, 1000, 4, dropout, tied);
        TttModel model = new TttModel(config, ITEMS);
        model.parameters().initialize(SEED);
        return model;
    }

    private static TttModel model() {
        return model(InnerModelType.LINEAR, true, 0.2);
    }

    private static TrainConfig config(int epochs) {
        return new TrainConfig(Loss.CE, MAX_LEN, 0, 64, 0.01, epochs, epochs);
    }

    private static double hitRate(Recommender recommender, Split split, Part part) throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
        return new Evaluator(options).evaluate(recommender, split, part).value("HR@10");
    }

    private static List<int[]> bits(TttModel model) {
        return model.parameters().all().stream()
                .map(p -> {
                    int[] bits = new int[p.size()];
                    Arrays.setAll(bits, i -> Float.floatToRawIntBits(p.value()[i]));
                    return bits;
                })
                .toList();
    }

    private static void assertSameBits(List<int[]> actual, List<int[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int parameter = 0; parameter < expected.size(); parameter++) {
            assertThat(Arrays.mismatch(actual.get(parameter), expected.get(parameter)))
                    .as("first differing value of parameter %d", parameter)
                    .isEqualTo(-1);
        }
    }

    /**
     * Without dropout, one step over all cases follows the same gradient in both forms, so both end at the same weights
     * up to rounding. With several small batches they differ, because the batches contain different cases.
     */
    @Test
    void expandedCasesHaveTheGradientOfTheOnePass() throws InterruptedException {
        for (int batchSize : new int[] {1_000_000, 64}) {
            TttModel onePass = model(InnerModelType.LINEAR, true, 0);
            TttModel expanded = model(InnerModelType.LINEAR, true, 0);
            TrainConfig config = new TrainConfig(Loss.CE, 50, 0, batchSize, 1e-3, 1, 1);
            train(onePass, config);
            train(expanded, config.withExamples(ExampleForm.PER_CASE));
            float largest = 0;
            for (int i = 0; i < onePass.parameters().all().size(); i++) {
                float[] a = onePass.parameters().all().get(i).value();
                float[] b = expanded.parameters().all().get(i).value();
                for (int j = 0; j < a.length; j++) {
                    largest = Math.max(largest, Math.abs(a[j] - b[j]));
                }
            }
            System.out.println("batch size " + batchSize + ", seed " + SEED + ": largest difference " + largest);
            if (batchSize > 64) {
                assertThat(largest).isLessThan(2e-4f);
            } else {
                assertThat(largest).isGreaterThan(5e-4f);
            }
        }
    }

    private static void train(TttModel model, TrainConfig config) throws InterruptedException {
        try (Trainer trainer = new Trainer(model, config, SMALL, SEED, 2, TrainingListener.SILENT)) {
            trainer.train(null, FINGERPRINT);
        }
    }

    private static List<Double> losses(TrainingState state) {
        return state.history().stream().map(EpochRecord::loss).toList();
    }

    // Learning

    @ParameterizedTest
    @CsvSource({"LINEAR, true, CE", "MLP, true, CE", "LINEAR, false, CE", "LINEAR, true, BPR"})
    void learnsAPatternThatPopularityCannotSee(InnerModelType layer, boolean tied, Loss loss)
            throws InterruptedException {
        TttModel model = model(layer, tied, 0.1);
        TrainConfig config = new TrainConfig(loss, MAX_LEN, 0, 64, 0.01, 12, 12);
        try (Trainer trainer = new Trainer(model, config, SPLIT, SEED, 2, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, FINGERPRINT)).isTrue();
            List<Double> losses = losses(trainer.state());
            System.out.println(layer + ", " + loss + ", seed " + SEED + ": losses " + losses);
            assertThat(losses).hasSize(12);
            double chance = loss == Loss.CE ? Math.log(ITEMS + 1) : Math.log(2);
            assertThat(losses.getFirst()).isLessThan(chance);
            assertThat(losses.getLast()).isLessThan(0.5 * losses.getFirst());
        }
        double popularity = hitRate(Popularity.of(SPLIT), SPLIT, Part.TEST);
        double learned = hitRate(new SequenceRecommender(model, MAX_LEN), SPLIT, Part.TEST);
        System.out.println("HR@10 " + learned + ", popularity " + popularity);
        assertThat(learned).isGreaterThan(popularity + 0.2);
        assertPaddingRowsAreZero(model);
    }

    private static void assertPaddingRowsAreZero(TttModel model) {
        for (Parameter table : List.of(model.inputTable(), model.outputTable())) {
            assertThat(Arrays.copyOf(table.value(), model.hiddenSize())).containsOnly(0f);
        }
    }

    /**
     * The steps are too small to change a weight, so an epoch's loss is the mean over all cases computed separately.
     */
    @ParameterizedTest
    @EnumSource
    void theLossIsTheMeanOverAllTrainingCases(ExampleForm form) throws InterruptedException {
        TttModel model = model(InnerModelType.MLP, true, 0);
        Dataset data = SMALL.data();
        double sum = 0;
        int cases = 0;
        for (int u = 0; u < data.userCount(); u++) {
            for (int p = SMALL.from(Part.TRAIN, u); p < SMALL.to(Part.TRAIN, u); p++) {
                int user = u;
                int[] items = IntStream.range(0, p).map(t -> data.item(user, t)).toArray();
                sum += crossEntropy(model, items, data.item(u, p));
                cases++;
            }
        }
        for (int threads : new int[] {1, 3}) {
            TrainConfig config = new TrainConfig(Loss.CE, 50, 0, 37, 1e-30, 1, 1).withExamples(form);
            try (Trainer trainer = new Trainer(model, config, SMALL, SEED, threads, TrainingListener.SILENT)) {
                trainer.train(null, FINGERPRINT);
                assertThat(losses(trainer.state()).getFirst()).isCloseTo(sum / cases, within(1e-5));
            }
        }
    }

    private static double crossEntropy(TttModel model, int[] items, int target) {
        Tensor hidden =
                model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})));
        int d = model.hiddenSize();
        double sum = 0;
        double targetLogit = 0;
        for (int item = 0; item <= ITEMS; item++) {
            double logit = 0;
            for (int c = 0; c < d; c++) {
                logit += (double) hidden.data()[(items.length - 1) * d + c]
                        * model.outputTable().value()[item * d + c];
            }
            sum += Math.exp(logit);
            targetLogit = item == target ? logit : targetLogit;
        }
        return Math.log(sum) - targetLogit;
    }

    // Reproducibility

    private List<int[]> trained(long seed, int threads) throws InterruptedException {
        TttModel model = model();
        try (Trainer trainer = new Trainer(model, config(2), SMALL, seed, threads, TrainingListener.SILENT)) {
            trainer.train(null, FINGERPRINT);
        }
        return bits(model);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theSameSeedAndThreadsGiveTheSameBits(int threads) throws InterruptedException {
        List<int[]> first = trained(SEED, threads);
        assertSameBits(trained(SEED, threads), first);
        List<int[]> other = trained(SEED + 1, threads);
        assertThat(IntStream.range(0, first.size()).filter(i -> Arrays.equals(other.get(i), first.get(i))))
                .as("parameters that another seed, so other batches and masks, left the same")
                .isEmpty();
    }

    @Test
    void moreThreadsThanWindowsInABatch() throws InterruptedException {
        Split tiny = PatternLog.ratio(1, 0, 0)
                .apply(PatternLog.of(ITEMS, new int[] {1, 2, 3, 4}, new int[] {5, 6}, new int[] {7, 8, 9}));
        double loss = Double.NaN;
        for (int threads : new int[] {1, 2, 7}) {
            TttModel model = model();
            try (Trainer trainer = new Trainer(model, config(3), tiny, SEED, threads, TrainingListener.SILENT)) {
                assertThat(trainer.train(null, FINGERPRINT)).isTrue();
                double last = losses(trainer.state()).getLast();
                assertThat(last).isFinite();
                loss = Double.isNaN(loss) ? last : loss;
                assertThat(last).as("%d threads", threads).isCloseTo(loss, within(1e-3));
            }
        }
    }

    // Stopping and resuming

    /** Stops after step number {@code stopAt}, counted from 1 over all epochs. */
    private static final class StopAfter implements TrainingListener {
        private final int step;
        private int steps;
        private Runnable stop = () -> {};

        StopAfter(int step) {
            this.step = step;
        }

        @Override
        public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
            if (++steps == step) {
                stop.run();
            }
        }
    }

    private int stepsPerEpoch() throws InterruptedException {
        StopAfter counter = new StopAfter(-1);
        try (Trainer trainer = new Trainer(model(), config(1), SMALL, SEED, 1, counter)) {
            trainer.train(null, FINGERPRINT);
        }
        return counter.steps;
    }

    /** Stops after the first step, in the middle of the second epoch and at its end; the third epoch is the last. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "1, 4", "2, 4"})
    void resumingGoesOnToTheSameBits(int threads, double averaging) throws InterruptedException {
        TrainConfig config = config(3).withAveraging(averaging);
        TttModel straight = model();
        List<Double> expectedLosses;
        try (Trainer trainer = new Trainer(straight, config, SMALL, SEED, threads, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, FINGERPRINT)).isTrue();
            expectedLosses = losses(trainer.state());
        }
        int perEpoch = stepsPerEpoch();
        assertThat(perEpoch).isGreaterThanOrEqualTo(4);
        for (int stopAt : new int[] {1, perEpoch + perEpoch / 2, 2 * perEpoch}) {
            Path checkpoint = directory.resolve("checkpoint-" + stopAt);
            StopAfter listener = new StopAfter(stopAt);
            try (Trainer trainer = new Trainer(model(), config, SMALL, SEED, threads, listener)) {
                listener.stop = trainer::requestStop;
                assertThat(trainer.train(checkpoint, FINGERPRINT)).isFalse();
                assertThat(listener.steps).isEqualTo(stopAt);
            }
            TttModel resumed = model(InnerModelType.LINEAR, true, 0.2);
            resumed.parameters().initialize(99);
            try (Trainer trainer = new Trainer(resumed, config, SMALL, SEED, threads, TrainingListener.SILENT)) {
                trainer.resume(checkpoint, FINGERPRINT);
                // A stop at the end of an epoch skips its validation, which resuming then does.
                int epoch = (stopAt - 1) / perEpoch;
                assertThat(trainer.state().epoch()).isEqualTo(epoch);
                assertThat(trainer.state().batch()).isEqualTo(stopAt - epoch * perEpoch);
                assertThat(trainer.train(checkpoint, FINGERPRINT)).isTrue();
                assertThat(losses(trainer.state())).isEqualTo(expectedLosses);
            }
            assertSameBits(bits(resumed), bits(straight));
        }
    }

    /** Without validation cases the metrics are NaN, which the checkpoint must store too. */
    @Test
    void resumingWithoutValidationCases() throws InterruptedException {
        Split split = PatternLog.ratio(1, 0, 1).apply(PatternLog.pattern(SEED, 40, ITEMS, 0.2));
        TttModel straight = model();
        try (Trainer trainer = new Trainer(straight, config(3), split, SEED, 1, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, FINGERPRINT)).isTrue();
            assertThat(trainer.state().history())
                    .hasSize(3)
                    .allSatisfy(epoch -> assertThat(epoch.ndcg()).isNaN());
            assertThat(trainer.state().bestEpoch()).as("the last").isEqualTo(3);
        }
        Path checkpoint = directory.resolve("checkpoint");
        try (Trainer trainer = new Trainer(model(), config(2), split, SEED, 1, TrainingListener.SILENT)) {
            trainer.train(checkpoint, FINGERPRINT);
        }
        TttModel resumed = model();
        try (Trainer trainer = new Trainer(resumed, config(3), split, SEED, 1, TrainingListener.SILENT)) {
            trainer.resume(checkpoint, FINGERPRINT);
            assertThat(trainer.train(null, FINGERPRINT)).isTrue();
        }
        assertSameBits(bits(resumed), bits(straight));
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() throws InterruptedException, IOException {
        Path checkpoint = directory.resolve("checkpoint");
        TttModel model = model();
        try (Trainer trainer = new Trainer(model, config(1), SMALL, SEED, 1, TrainingListener.SILENT)) {
            trainer.train(checkpoint, FINGERPRINT);
        }
        assertRefused(checkpoint, model(), "another fingerprint", SEED, 1, "data and configuration");
        assertRefused(checkpoint, model(), FINGERPRINT, SEED + 1, 1, "seed");
        assertRefused(checkpoint, model(), FINGERPRINT, SEED, 2, "number of threads");
        assertRefused(checkpoint, model(InnerModelType.MLP, true, 0.2), FINGERPRINT, SEED, 1, "W1");
        assertRefused(directory.resolve("absent"), model(), FINGERPRINT, SEED, 1, "no such checkpoint");
        byte[] bytes = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, Arrays.copyOf(bytes, bytes.length - 100));
        assertRefused(checkpoint, model(), FINGERPRINT, SEED, 1, "checkpoint");
    }

    private static void assertRefused(
            Path checkpoint, TttModel model, String fingerprint, long seed, int threads, String word) {
        try (Trainer trainer = new Trainer(model, config(1), SMALL, seed, threads, TrainingListener.SILENT)) {
            assertThatThrownBy(() -> trainer.resume(checkpoint, fingerprint))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining(checkpoint.toString())
                    .hasMessageContaining(word)
                    .hasMessageNotContaining("\n");
        }
    }

    // Averages

    /**
     * With fewer batches than points an epoch, each step is a point. The average never touches the steps, so the losses
     * stay those of the run without it, and the model has the weighted mean of all steps' weights.
     */
    @Test
    void keepsTheAverageOfTheStepsWeightsWithoutChangingTheSteps() throws InterruptedException {
        double exponent = 4;
        TttModel plain = model();
        int index = plain.parameters().get("LayerNorm.weight").index();
        List<float[]> steps = new ArrayList<>();
        TrainingListener record = new TrainingListener() {
            @Override
            public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                steps.add(plain.parameters().all().get(index).value().clone());
            }
        };
        List<Double> losses;
        try (Trainer trainer = new Trainer(plain, config(2).withAveraging(0.0), UNVALIDATED, SEED, 2, record)) {
            trainer.train(null, FINGERPRINT);
            losses = losses(trainer.state());
        }
        assertThat(steps).hasSizeBetween(4, 2 * WeightAverage.POINTS);
        TttModel averaged = model();
        try (Trainer trainer = new Trainer(
                averaged, config(2).withAveraging(exponent), UNVALIDATED, SEED, 2, TrainingListener.SILENT)) {
            trainer.train(null, FINGERPRINT);
            assertThat(losses(trainer.state())).isEqualTo(losses);
        }
        double[] expected = new double[steps.getFirst().length];
        for (int n = 1; n <= steps.size(); n++) {
            double share = (exponent + 1) / (n + exponent);
            for (int i = 0; i < expected.length; i++) {
                expected[i] += share * (steps.get(n - 1)[i] - expected[i]);
            }
        }
        float[] kept = averaged.parameters().all().get(index).value();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) kept[i]).isCloseTo(expected[i], within(1e-6));
        }
        assertThat(kept).isNotEqualTo(steps.getLast());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 35, 678})
    void pointsAreSpreadOverTheEpochAndEndIt(int batches) {
        int[] points = IntStream.rangeClosed(1, batches)
                .filter(batch -> WeightAverage.isPoint(batch, batches))
                .toArray();
        assertThat(points).hasSize(Math.min(batches, WeightAverage.POINTS)).endsWith(batches);
    }

    // End of training

    @Test
    void stopsEarlyAndKeepsTheBestEpochsWeights() throws InterruptedException {
        // There is only noise to learn, so validation soon stops improving; the first three epochs do not count.
        Split noise = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 60, ITEMS, 1.0));
        TttModel model = model();
        TrainConfig config = new TrainConfig(Loss.CE, MAX_LEN, 0, 64, 0.01, 100, 3);
        try (Trainer trainer = new Trainer(model, config, noise, SEED, 1, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, FINGERPRINT)).isTrue();
            TrainingState state = trainer.state();
            assertThat(state.history()).hasSizeLessThan(100).hasSize(Math.max(state.bestEpoch(), 3) + 3);
            assertThat(state.history())
                    .extracting(EpochRecord::ndcg)
                    .allSatisfy(ndcg -> assertThat(ndcg).isLessThanOrEqualTo(state.bestNdcg()));
            EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
            assertThat(new Evaluator(options)
                            .evaluate(new SequenceRecommender(model, MAX_LEN), noise, Part.VALIDATION)
                            .value("NDCG@10"))
                    .isEqualTo(state.bestNdcg());
            assertThat(state.isOver(config)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aDivergedLossStopsTrainingInOneLine(Loss loss) {
        TrainConfig config = new TrainConfig(loss, MAX_LEN, 0, 64, 1e30, 5, 5);
        Path checkpoint = directory.resolve("checkpoint");
        try (Trainer trainer = new Trainer(model(), config, SMALL, SEED, 2, TrainingListener.SILENT)) {
            assertThatThrownBy(() -> trainer.train(checkpoint, FINGERPRINT))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("epoch 1")
                    .hasMessageContaining("learning rate")
                    .hasMessageContaining("1.0E30")
                    .hasMessageNotContaining("\n");
        }
        assertThat(checkpoint).doesNotExist();
    }

    /** After good epochs a weight becomes NaN, as defective memory could cause. */
    @Test
    void aDivergedLossNamesTheLastGoodCheckpoint() {
        Path checkpoint = directory.resolve("checkpoint");
        TttModel model = model();
        TrainingListener spoil = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                if (epoch.epoch() == 2) {
                    throw new IllegalStateException("two epochs are done");
                }
            }
        };
        try (Trainer trainer = new Trainer(model, config(5), SMALL, SEED, 1, spoil)) {
            assertThatThrownBy(() -> trainer.train(checkpoint, FINGERPRINT)).hasMessage("two epochs are done");
            assertThat(checkpoint).exists();
            Arrays.fill(model.parameters().get("LayerNorm.weight").value(), Float.NaN);
            assertThatThrownBy(() -> trainer.train(checkpoint, FINGERPRINT))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("epoch 3, batch 1")
                    .hasMessageContaining("last good checkpoint is " + checkpoint);
        }
    }

    @Test
    void emptyTrainingPartIsReportedInOneLine() {
        Dataset data = PatternLog.of(ITEMS, new int[] {1}, new int[] {2});
        Split split = new Split("made by hand", data, new int[] {1, 1}, new int[] {1, 1});
        assertThatThrownBy(() -> new Trainer(model(), config(1), split, SEED, 1, TrainingListener.SILENT).close())
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no training case")
                .hasMessageNotContaining("\n");
    }

    @Test
    void wrongConfigurationsAreRefused() {
        Stream.<Runnable>of(
                        () -> new TrainConfig(Loss.CE, 0, 0, 64, 0.01, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, 11, 64, 0.01, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, -1, 64, 0.01, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, 0, 0, 0.01, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, 0, 64, Double.NaN, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, 0, 64, 0, 1, 1),
                        () -> new TrainConfig(Loss.CE, 10, 0, 64, 0.01, 0, 1),
                        () -> config(1).withAveraging(-1.0),
                        () -> config(1).withAveraging(Double.NaN),
                        () -> new TrainConfig(Loss.CE, 10, 0, 64, 0.01, 1, 0))
                .forEach(wrong -> assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class));
    }
}
