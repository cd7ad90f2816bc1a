package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.CountingKernels.Count;
import io.github.ttt4rec.benchmarks.micro.BlockBenchmark;
import io.github.ttt4rec.benchmarks.micro.CrossEntropyBenchmark;
import io.github.ttt4rec.benchmarks.micro.GemmBenchmark;
import io.github.ttt4rec.benchmarks.micro.Operations;
import io.github.ttt4rec.benchmarks.micro.ScanBenchmark;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the executed operations of matrix products with the useful ones, to detect superfluous work. The counts do
 * not depend on the machine.
 */
class OperationCountTest {
    /** The gradients of the inner learning rates, 0.2 % of a block, are sums of rows and are not counted. */
    private static final double LEAST = 0.995;

    @ParameterizedTest
    @EnumSource(GemmBenchmark.Shape.class)
    void productDoesWhatItsShapeSays(GemmBenchmark.Shape shape) {
        GemmBenchmark benchmark = new GemmBenchmark();
        benchmark.shape = shape;
        benchmark.setUp();
        assertThat((double) CountingKernels.of(benchmark::gemm).flops())
                .isEqualTo(benchmark.work("gemm").flops());
    }

    @Test
    void eachLogitOfTheLossIsComputedOnceAndUsedTwice() {
        CrossEntropyBenchmark benchmark = new CrossEntropyBenchmark();
        benchmark.items = 300;
        benchmark.rows = 70;
        benchmark.setUp();
        assertThat((double) CountingKernels.of(benchmark::forward).flops())
                .isEqualTo(benchmark.work("forward").flops());
        assertThat((double) CountingKernels.of(benchmark::forwardBackward).flops())
                .isEqualTo(benchmark.work("forwardBackward").flops());
    }

    /**
     * The backward pass repeats a part of the forward pass from the stored fast weights. The products of pairs stop at the
     * diagonal.
     */
    @ParameterizedTest
    @EnumSource
    void scanDoesLittleMoreThanIsUseful(InnerModelType layer) {
        ScanBenchmark benchmark = new ScanBenchmark();
        benchmark.layer = layer;
        benchmark.sequences = 2;
        benchmark.length = 50;
        benchmark.setUp();
        assertBetween(
                CountingKernels.of(benchmark::forward),
                benchmark.work("forward").flops(),
                1.01);
        assertBetween(
                CountingKernels.of(benchmark::forwardBackward),
                benchmark.work("forwardBackward").flops(),
                1.25);
    }

    @Test
    void blockDoesLittleMoreThanIsUseful() {
        BlockBenchmark benchmark = new BlockBenchmark();
        benchmark.layer = InnerModelType.MLP;
        benchmark.sequences = 1;
        benchmark.length = 50;
        benchmark.setUp();
        assertBetween(
                CountingKernels.of(benchmark::forward),
                benchmark.work("forward").flops(),
                1.05);
        assertBetween(
                CountingKernels.of(benchmark::forwardBackward),
                benchmark.work("forwardBackward").flops(),
                1.3);
    }

    private static void assertBetween(Count done, double useful, double mostTimesUseful) {
        assertThat(done.flops() / useful)
                .as("operations done, as a multiple of the useful ones (%.0f)", useful)
                .isBetween(LEAST, mostTimesUseful);
    }

    /** An epoch and its validation: every window once, forward and backward, and every case's scores, nothing else. */
    @Test
    void epochIsEveryTokensForwardAndBackwardOnce() throws InterruptedException {
        RunConfig config =
                RunConfigs.set(RunConfig.defaults(), List.of("split=6:2:2", "epochs=1", "batch_size=64", "max_len=12"));
        Split split = config.split().apply(new SyntheticLog(400, 120, 1).generate());
        long[] tokens = new long[1];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void started(long cases, long inputs, TrainingState state) {
                tokens[0] = inputs;
            }
        };
        try (Training training = new Training(split, config, 1, 1, listener)) {
            EpochWork work =
                    EpochWork.of(split, (TttConfig) config.model(), config.train(), training.parameterCount(), 1);
            Count done = CountingKernels.of(() -> {
                try {
                    assertThat(training.run(null)).isPresent();
                } catch (InterruptedException interruption) {
                    throw new IllegalStateException(interruption);
                }
            });
            assertThat(work.tokens()).isEqualTo(tokens[0]);
            assertBetween(
                    done, work.flops().values().stream().mapToDouble(x -> x).sum(), 1.25);
        }
    }

    /** The cost must not depend on the length of the history: K events at the start, and K after 240. */
    @Test
    void eventCostsTheSameHoweverLongTheHistory() {
        TrainedModel model = MadeUpModels.of(40);
        ModelReader reader = model.newReader();
        SequenceState state = model.network().newState();
        int k = TttConfig.defaults().miniBatchSize();
        Count first = CountingKernels.of(() -> appendSingly(reader, state, k));
        appendSingly(reader, state, 30 * k);
        Count later = CountingKernels.of(() -> appendSingly(reader, state, k));
        assertThat(later).isEqualTo(first);
        double useful = Operations.block(TttConfig.defaults(), 1, 1)
                - Operations.scan(TttConfig.defaults(), 1)
                + Operations.step(TttConfig.defaults());
        assertBetween(first, k * useful, 1.05);
    }

    private static void appendSingly(ModelReader reader, SequenceState state, int events) {
        for (int i = 0; i < events; i++) {
            reader.append(state, 1 + i % 40);
        }
    }

    /** A scan that scores every item; {@code CodedScanTest} counts the operations of the search by codes. */
    @Test
    void listReadsTheCatalogueOnce() {
        for (int items : new int[] {50, 500, Retriever.CODED_FROM - 1}) {
            TrainedModel model = MadeUpModels.of(items);
            ModelReader reader = model.newReader();
            Query query = Query.of(reader.append(model.network().newState(), 1));
            BitSet allowed = ItemFilter.NONE.allowed(model.items());
            Count done = CountingKernels.of(() -> reader.recommend(query, 10, allowed));
            assertThat((double) done.flops()).isEqualTo(Operations.logits(1, items + 1, MadeUpModels.HIDDEN_SIZE));
        }
    }
}
