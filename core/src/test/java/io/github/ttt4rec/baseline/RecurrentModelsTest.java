package io.github.ttt4rec.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.Trainer;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GRU4Rec and NARM as sequence models: they are causal, give the same results in any batch and in streaming, and can be
 * trained.
 */
class RecurrentModelsTest {
    private static final long SEED = 2017;
    private static final int ITEMS = 30;

    static Stream<NetworkConfig> configs() {
        return Stream.of(
                new Gru4Rec.Config(12, 20, 1, 0.3),
                new Gru4Rec.Config(12, 20, 2, 0.3),
                new Narm.Config(12, 20, 1, 0.25, 0.5),
                new Narm.Config(12, 20, 2, 0.25, 0.5));
    }

    private static SequenceModel model(NetworkConfig config) {
        SequenceModel model = config.create(ITEMS);
        model.parameters().initialize(SEED);
        return model;
    }

    private static int[] items(Random random, int count) {
        return random.ints(count, 1, ITEMS + 1).toArray();
    }

    private static float[] encode(SequenceModel model, int[]... sequences) {
        int[] offsets = new int[sequences.length + 1];
        for (int s = 0; s < sequences.length; s++) {
            offsets[s + 1] = offsets[s] + sequences[s].length;
        }
        int[] all = Stream.of(sequences).flatMapToInt(IntStream::of).toArray();
        float[] data = model.encode(Tape.forward(), SequenceBatch.of(all, new Segments(offsets)))
                .data();
        return Arrays.copyOf(data, all.length * model.hiddenSize());
    }

    private static void assertSame(String what, float[] expected, int expectedFrom, float[] actual, int from, int n) {
        for (int i = 0; i < n; i++) {
            assertThat(actual[from + i])
                    .as("%s, element %d, seed %d", what, i, SEED)
                    .isCloseTo(expected[expectedFrom + i], within(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void streamingEqualsEncodingForAnyChunks(NetworkConfig config) {
        SequenceModel model = model(config);
        Random random = new Random(SEED);
        int[] items = items(random, 67);
        float[] whole = encode(model, items);
        int d = model.hiddenSize();
        for (int most : new int[] {1, 3, 40}) {
            SequenceState state = model.newState();
            Tape tape = Tape.forward();
            for (int from = 0; from < items.length; ) {
                int to = Math.min(items.length, from + 1 + random.nextInt(most));
                int[] some = Arrays.copyOfRange(items, from, to);
                SequenceState copy = state.copy();
                assertThat(copy.events()).isEqualTo(from);
                float[] first = model.append(tape, state, some).data();
                assertSame("events from " + from, whole, from * d, first, 0, some.length * d);
                float[] second = model.append(tape, copy, some).data();
                assertSame("copied state, events from " + from, whole, from * d, second, 0, some.length * d);
                tape.reset();
                assertThat(state.events()).isEqualTo(to);
                from = to;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void positionDependsOnItsOwnPastAlone(NetworkConfig config) {
        SequenceModel model = model(config);
        Random random = new Random(SEED);
        int d = model.hiddenSize();
        int[] one = items(random, 9);
        int[] two = items(random, 4);
        int[] three = items(random, 15);
        float[] together = encode(model, two, one, three);
        assertSame("first", encode(model, two), 0, together, 0, 4 * d);
        assertSame("second", encode(model, one), 0, together, 4 * d, 9 * d);
        assertSame("third", encode(model, three), 0, together, 13 * d, 15 * d);
        int[] changed = one.clone();
        changed[8] = one[8] % ITEMS + 1;
        float[] other = encode(model, changed);
        assertSame("before the change", encode(model, one), 0, other, 0, 8 * d);
        assertThat(Arrays.copyOfRange(other, 8 * d, 9 * d)).isNotEqualTo(Arrays.copyOfRange(together, 12 * d, 13 * d));
    }

    /** Users who go through the items in a circle: the next item follows from the last. */
    private static Split circles() {
        int users = 60;
        int length = 14;
        Random random = new Random(SEED);
        int[] offsets = IntStream.rangeClosed(0, users).map(u -> u * length).toArray();
        int[] events = new int[users * length];
        for (int u = 0; u < users; u++) {
            int start = random.nextInt(ITEMS);
            for (int t = 0; t < length; t++) {
                events[u * length + t] = 1 + (start + 7 * t) % ITEMS;
            }
        }
        Dataset data = new Dataset(
                ids("u", users),
                ids("i", ITEMS),
                offsets,
                events,
                new long[events.length],
                false,
                new DataSource("made in memory", "", List.of()));
        int[] validStart = new int[users];
        int[] testStart = new int[users];
        Arrays.fill(validStart, length - 2);
        Arrays.fill(testStart, length - 1);
        return new Split("made by hand", data, validStart, testStart);
    }

    private static IdMap ids(String prefix, int count) {
        return new IdMap(
                IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void trainerFitsTheModel(NetworkConfig config) throws InterruptedException {
        TrainConfig training = new TrainConfig(TrainConfig.Loss.CE, 10, 0, 64, 5e-3, 25, 25);
        List<EpochRecord> epochs = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                epochs.add(epoch);
            }
        };
        SequenceModel model = model(config);
        try (Trainer trainer = new Trainer(model, training, circles(), SEED, 2, listener)) {
            assertThat(trainer.train(null, "")).isTrue();
        }
        double first = epochs.getFirst().loss();
        double last = epochs.getLast().loss();
        assertThat(first).isCloseTo(Math.log(ITEMS), within(0.3));
        assertThat(last).as("loss after %s, seed %d", first, SEED).isLessThan(first / 2);
        assertThat(epochs.getLast().hitRate()).as("HR@10 of 30 items").isGreaterThan(0.9);
        for (int i = 0; i < model.hiddenSize(); i++) {
            assertThat(model.inputTable().value()[i]).isZero();
        }
    }

    @Test
    void defaultsArePublished() {
        assertThat(Gru4Rec.Config.defaults()).isEqualTo(new Gru4Rec.Config(64, 64, 1, 0.2));
        assertThat(Narm.Config.defaults()).isEqualTo(new Narm.Config(64, 64, 1, 0.25, 0.5));
        assertThat(Gru4Rec.Config.defaults().type()).isEqualTo("gru4rec");
        assertThat(Narm.Config.defaults().type()).isEqualTo("narm");
        assertThat(Gru4Rec.Config.defaults().create(7).itemCount()).isEqualTo(7);
        assertThat(Narm.Config.defaults().create(7).hiddenSize()).isEqualTo(64);
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertRefused(() -> new Gru4Rec.Config(0, 1, 1, 0), "embedding_size");
        assertRefused(() -> new Gru4Rec.Config(1, 0, 1, 0), "hidden_size");
        assertRefused(() -> new Gru4Rec.Config(1, 1, 0, 0), "num_layers");
        assertRefused(() -> new Gru4Rec.Config(1, 1, 1, 1), "dropout_prob");
        assertRefused(() -> new Narm.Config(0, 1, 1, 0, 0), "embedding_size");
        assertRefused(() -> new Narm.Config(1, 0, 1, 0, 0), "hidden_size");
        assertRefused(() -> new Narm.Config(1, 1, 0, 0, 0), "num_layers");
        assertRefused(() -> new Narm.Config(1, 1, 1, -0.1, 0), "embedding_dropout");
        assertRefused(() -> new Narm.Config(1, 1, 1, 0, Double.NaN), "code_dropout");
    }

    private static void assertRefused(Runnable making, String name) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
