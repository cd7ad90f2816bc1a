package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.EsasRec;
import io.github.ttt4rec.baseline.FactorisedMarkovChain;
import io.github.ttt4rec.baseline.Hstu;
import io.github.ttt4rec.baseline.Mamba4Rec;
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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SASRec, BERT4Rec, Mamba4Rec and the factorised Markov chain learn with the same trainer as TTT4Rec. */
class EncoderTrainingTest {
    private static final long SEED = 2020;
    private static final int ITEMS = 60;
    private static final int MAX_LEN = 12;
    private static final Split SPLIT = PatternLog.ratio(3, 2, 5).apply(PatternLog.pattern(SEED, 300, ITEMS, 0.2));

    @TempDir
    Path directory;

    static Stream<NetworkConfig> models() {
        return Stream.of(
                new SasRec.Config(1, 2, 16, 32, 0.1, 0.1, MAX_LEN),
                new EsasRec.Config(1, 2, 16, 32, 0.1, 0.1, MAX_LEN),
                new Hstu.Config(1, 2, 16, 0.1, MAX_LEN),
                new Bert4Rec.Config(1, 2, 16, 32, 0.1, 0.1, 0.2, 0.5, MAX_LEN),
                new Mamba4Rec.Config(1, 16, 8, 4, 2, 0.1),
                new FactorisedMarkovChain.Config(16, 0.1));
    }

    private static SequenceModel model(NetworkConfig config) {
        SequenceModel model = config.create(ITEMS);
        model.parameters().initialize(SEED);
        return model;
    }

    private static double hitRate(Recommender recommender) throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
        return new Evaluator(options).evaluate(recommender, SPLIT, Part.TEST).value("HR@10");
    }

    private static TrainConfig config(int epochs) {
        return new TrainConfig(Loss.CE, MAX_LEN, 0, 64, 0.01, epochs, epochs);
    }

    private static SequenceModel train(NetworkConfig config, int epochs, int threads) throws InterruptedException {
        SequenceModel model = model(config);
        try (Trainer trainer = new Trainer(model, config(epochs), SPLIT, SEED, threads, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, "")).isTrue();
        }
        return model;
    }

    private static int[] bits(SequenceModel model) {
        return model.parameters().all().stream()
                .flatMapToInt(p ->
                        java.util.stream.IntStream.range(0, p.size()).map(i -> Float.floatToRawIntBits(p.value()[i])))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("models")
    void learnsAPatternThatPopularityCannotSee(NetworkConfig config) throws InterruptedException {
        SequenceModel model = model(config);
        try (Trainer trainer = new Trainer(model, config(20), SPLIT, SEED, 2, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, "")).isTrue();
            List<Double> losses =
                    trainer.state().history().stream().map(EpochRecord::loss).toList();
            System.out.println(config.type() + ", seed " + SEED + ": losses " + losses);
            assertThat(losses.getLast()).isLessThan(0.7 * losses.getFirst());
        }
        double popularity = hitRate(Popularity.of(SPLIT));
        double learned = hitRate(new SequenceRecommender(model, MAX_LEN));
        System.out.println("HR@10 " + learned + ", popularity " + popularity);
        assertThat(learned).isGreaterThan(popularity + 0.2);
        Parameter table = model.inputTable();
        assertThat(Arrays.copyOf(table.value(), table.extent(1))).as("padding").containsOnly(0f);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theSameSeedAndThreadsGiveTheSameBits(NetworkConfig config) throws InterruptedException {
        assertThat(bits(train(config, 2, 2))).containsExactly(bits(train(config, 2, 2)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void resumesToTheSameBits(NetworkConfig config) throws InterruptedException {
        Path checkpoint = directory.resolve("checkpoint");
        SequenceModel stopped = model(config);
        try (Trainer trainer = new Trainer(stopped, config(3), SPLIT, SEED, 2, TrainingListener.SILENT)) {
            trainer.requestStop();
            assertThat(trainer.train(checkpoint, "")).isFalse();
        }
        SequenceModel resumed = model(config);
        try (Trainer trainer = new Trainer(resumed, config(3), SPLIT, SEED, 2, TrainingListener.SILENT)) {
            trainer.resume(checkpoint, "");
            assertThat(trainer.train(checkpoint, "")).isTrue();
        }
        assertThat(bits(resumed)).containsExactly(bits(train(config, 3, 2)));
    }

    @Test
    void modelThatKnowsTooFewPositionsIsRefused() {
        SequenceModel model = model(new SasRec.Config(1, 2, 16, 32, 0.1, 0.1, MAX_LEN - 1));
        assertThatThrownBy(() -> new Trainer(model, config(1), SPLIT, SEED, 1, TrainingListener.SILENT))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("max_len")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> new SequenceRecommender(model, MAX_LEN)).isInstanceOf(IllegalArgumentException.class);
    }
}
