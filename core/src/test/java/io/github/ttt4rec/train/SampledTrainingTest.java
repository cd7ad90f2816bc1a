package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.TrainConfig.Loss;
import io.github.ttt4rec.train.TrainConfig.NegativeSampling;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The trainer with sampled losses and with lazy updates of the item tables. */
class SampledTrainingTest {
    private static final long SEED = 2020;
    private static final int ITEMS = 60;
    private static final int MAX_LEN = 12;
    private static final Split SPLIT = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 300, ITEMS, 0.2));
    private static final Split SMALL = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 60, ITEMS, 0.2));
    private static final NetworkConfig SAS_REC = new SasRec.Config(1, 2, 16, 32, 0.1, 0.1, MAX_LEN);
    private static final NetworkConfig BERT4REC = new Bert4Rec.Config(1, 2, 16, 32, 0.1, 0.1, 0.2, 0.5, MAX_LEN);

    @TempDir
    Path directory;

    private static SequenceModel model(NetworkConfig config) {
        SequenceModel model = config.create(ITEMS);
        model.parameters().initialize(SEED);
        return model;
    }

    private static TrainConfig config(Loss loss, double rate, int epochs) {
        return new TrainConfig(loss, MAX_LEN, 0, 64, rate, epochs, epochs);
    }

    private static double hitRate(Recommender recommender) throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
        return new Evaluator(options).evaluate(recommender, SPLIT, Part.TEST).value("HR@10");
    }

    private static TrainingState train(SequenceModel model, TrainConfig config, Split split, int threads)
            throws InterruptedException {
        try (Trainer trainer = new Trainer(model, config, split, SEED, threads, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, "")).isTrue();
            return trainer.state();
        }
    }

    private static int[] bits(SequenceModel model) {
        return model.parameters().all().stream()
                .flatMapToInt(p -> IntStream.range(0, p.size()).map(i -> Float.floatToRawIntBits(p.value()[i])))
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "SAMPLED_CE, 0, UNIFORM, false",
        "SAMPLED_CE, 16, POPULARITY, true",
        "SAMPLED_CE, 64, UNIFORM, true",
        "BCE, 0, UNIFORM, false",
        "BCE, 4, POPULARITY, true",
        "GBCE, 20, UNIFORM, false",
        "GBCE, 8, POPULARITY, true",
        "BPR, 0, POPULARITY, false",
        "BPR, 0, UNIFORM, true",
    })
    void learnsAPatternThatPopularityCannotSee(Loss loss, int negatives, NegativeSampling sampling, boolean sparse)
            throws InterruptedException {
        SequenceModel model = model(SAS_REC);
        TrainConfig config =
                config(loss, 0.01, 20).withNegatives(negatives, sampling, 0.75).withSparseItemUpdates(sparse);
        List<Double> losses = train(model, config, SPLIT, 2).history().stream()
                .map(EpochRecord::loss)
                .toList();
        double popularity = hitRate(Popularity.of(SPLIT));
        double learned = hitRate(new SequenceRecommender(model, MAX_LEN));
        System.out.println(
                config + ", seed " + SEED + ": losses " + losses + ", HR@10 " + learned + ", popularity " + popularity);
        assertThat(losses.getLast()).isLessThan(0.8 * losses.getFirst());
        assertThat(learned).isGreaterThan(popularity + 0.2);
        Parameter table = model.inputTable();
        assertThat(Arrays.copyOf(table.value(), table.extent(1))).as("padding").containsOnly(0f);
    }

    /** The steps are too small to change a weight, so an epoch's loss shows which negatives were drawn. */
    @ParameterizedTest
    @CsvSource({"SAMPLED_CE, 64", "SAMPLED_CE, 7", "GBCE, 0", "BCE, 0", "BPR, 0"})
    void drawsDoNotDependOnTheThreads(Loss loss, int negatives) throws InterruptedException {
        TrainConfig config = config(loss, 1e-30, 1).withNegatives(negatives, NegativeSampling.POPULARITY, 0.75);
        double[] losses = new double[4];
        for (int threads : new int[] {1, 2, 3}) {
            losses[threads] = train(model(SAS_REC), config, SMALL, threads)
                    .history()
                    .getFirst()
                    .loss();
            assertThat(losses[threads]).isCloseTo(losses[1], within(1e-7 * losses[1]));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"SAMPLED_CE", "GBCE", "BPR"})
    void theSameSeedAndThreadsGiveTheSameBits(Loss loss) throws InterruptedException {
        for (boolean sparse : new boolean[] {false, true}) {
            TrainConfig config = config(loss, 0.01, 2).withSparseItemUpdates(sparse);
            SequenceModel first = model(BERT4REC);
            SequenceModel second = model(BERT4REC);
            train(first, config, SMALL, 2);
            train(second, config, SMALL, 2);
            assertThat(Arrays.mismatch(bits(first), bits(second))).isEqualTo(-1);
        }
    }

    private static final class StopAfter implements TrainingListener {
        private int left;
        private Runnable stop = () -> {};

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
            if (--left == 0) {
                stop.run();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "4", "9"})
    void lazyUpdatesResumeToTheSameBits(int steps) throws InterruptedException {
        TrainConfig config = config(Loss.BCE, 0.01, 3).withSparseItemUpdates(true);
        Path checkpoint = directory.resolve("checkpoint");
        StopAfter listener = new StopAfter(steps);
        try (Trainer trainer = new Trainer(model(SAS_REC), config, SMALL, SEED, 2, listener)) {
            listener.stop = trainer::requestStop;
            assertThat(trainer.train(checkpoint, "")).isFalse();
        }
        SequenceModel resumed = model(SAS_REC);
        try (Trainer trainer = new Trainer(resumed, config, SMALL, SEED, 2, TrainingListener.SILENT)) {
            trainer.resume(checkpoint, "");
            assertThat(trainer.train(null, "")).isTrue();
        }
        SequenceModel whole = model(SAS_REC);
        train(whole, config, SMALL, 2);
        assertThat(Arrays.mismatch(bits(resumed), bits(whole))).isEqualTo(-1);
    }

    static Stream<NetworkConfig> models() {
        TttConfig untied = new TttConfig(
                InnerModelType.LINEAR, Backbone.TRANSFORMER, false, 1, 16, 2, 32, 4, 1.0, 1000, 4, 0.1, false);
        return Stream.concat(
                Stream.of(SAS_REC, BERT4REC, untied),
                RecommenderTypes.networks().stream().map(type ->
                        (NetworkConfig) RecommenderTypes.defaults(type).orElseThrow()));
    }

    /**
     * In the first step of a run all moments are zero, so lazy and dense updates treat every row alike. A row whose
     * gradient was missed would not move.
     */
    @ParameterizedTest
    @MethodSource("models")
    void firstStepIsTheSameLazyOrDense(NetworkConfig config) throws InterruptedException {
        Split few = PatternLog.ratio(1, 0, 0).apply(PatternLog.pattern(SEED, 3, ITEMS, 0.2));
        SequenceModel dense = model(config);
        SequenceModel lazy = model(config);
        TrainConfig train = new TrainConfig(Loss.BCE, MAX_LEN, 0, 1000, 0.01, 1, 1);
        train(dense, train, few, 2);
        train(lazy, train.withSparseItemUpdates(true), few, 2);
        assertThat(Arrays.mismatch(bits(lazy), bits(dense))).isEqualTo(-1);
        assertThat(bits(dense)).isNotEqualTo(bits(model(config)));
    }

    @Test
    void catalogueOfOneItemHasNoNegatives() {
        Split one = PatternLog.ratio(1, 0, 0).apply(PatternLog.of(1, new int[] {1, 1, 1}));
        SequenceModel model = SAS_REC.create(1);
        assertThatThrownBy(() -> new Trainer(model, config(Loss.BCE, 0.01, 1), one, SEED, 1, TrainingListener.SILENT))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("train.loss bce")
                .hasMessageNotContaining("\n");
    }

    @Test
    void defaultsOfEachLoss() {
        assertThat(Arrays.stream(Loss.values())
                        .map(loss -> config(loss, 0.01, 1).effectiveNegatives()))
                .containsExactly(0, 1, 256, 1, 256);
        assertThat(config(Loss.BCE, 0.01, 1)
                        .withNegatives(9, NegativeSampling.UNIFORM, 1)
                        .effectiveNegatives())
                .isEqualTo(9);
    }
}
