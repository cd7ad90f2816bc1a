package io.github.ttt4rec.api;

import static io.github.ttt4rec.api.Networks.MAX_LEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.EsasRec;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.baseline.Hstu;
import io.github.ttt4rec.baseline.Mamba4Rec;
import io.github.ttt4rec.baseline.Narm;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import io.github.ttt4rec.ttt.TttModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The functions that a server needs from every network's state: its memory, the vector after the last event alone, and
 * the last inner step.
 */
class StatesTest {
    private static final long SEED = 31;

    static Stream<NetworkConfig> all() {
        return Networks.all();
    }

    static Stream<NetworkConfig> ttt() {
        return Networks.ttt();
    }

    /** The bytes of the arrays follow from their shapes after 0, 5, 6 and 9 events. */
    @ParameterizedTest
    @MethodSource("all")
    void bytesAreThoseOfTheArrays(NetworkConfig config) {
        SequenceModel network = Networks.model(config, SEED).network();
        SequenceState state = network.newState();
        Tape tape = Tape.forward();
        assertThat(state.bytes()).isEqualTo(4 * values(config, 0));
        network.append(tape, state, 1, 2, 3, 4, 5);
        assertThat(state.bytes()).isEqualTo(4 * values(config, 5));
        network.append(tape, state, 6);
        assertThat(state.bytes()).isEqualTo(4 * values(config, 6));
        network.append(tape, state, 7, 8, 9);
        assertThat(state.bytes()).isEqualTo(4 * values(config, 9));
        assertThat(state.copy().bytes()).isPositive().isLessThanOrEqualTo(state.bytes());
    }

    /** The number of 4-byte values. */
    private static long values(NetworkConfig config, int events) {
        return switch (config) {
            case TttConfig ttt -> ttt.numLayers() * values(ttt);
            case Gru4Rec.Config gru -> (long) gru.numLayers() * gru.hiddenSize();
            // Keys and hidden vectors of all events; their capacity doubles when it is used up.
            case Narm.Config narm -> (long) narm.hiddenSize() * (narm.numLayers() + 2 * (events <= 5 ? events : 10));
            case Mamba4Rec.Config mamba ->
                (long) mamba.numLayers() * mamba.channels() * (mamba.dConv() - 1 + mamba.dState());
            case EsasRec.Config esasRec -> Math.min(events, esasRec.maxLen());
            case Hstu.Config hstu -> Math.min(events, hstu.maxLen());
            case SasRec.Config sasRec -> Math.min(events, sasRec.maxLen());
            case Bert4Rec.Config bert -> Math.min(events, bert.maxLen());
            default -> throw new IllegalArgumentException("a network without a line here: " + config);
        };
    }

    private static long values(TttConfig config) {
        int f = config.headSize();
        int w = 4 * f;
        int weights = switch (config.layer()) {
            case LINEAR -> f * f + f;
            case MLP -> f * w + w + w * f + f;
        };
        // For each event of the open mini-batch: its key, the input of each layer but the first, gradients and its
        // rate.
        int pending = switch (config.layer()) {
            case LINEAR -> 2 * f + 1;
            case MLP -> 2 * f + 2 * w + 1;
        };
        int convolutions = (config.preConv() ? 1 : 0) + (config.backbone() == Backbone.MAMBA ? 2 : 0);
        return config.numHeads() * (weights + (long) config.miniBatchSize() * pending)
                + (long) convolutions * (config.convKernel() - 1) * config.hiddenSize();
    }

    /**
     * The vector after the last event equals the one that {@link SequenceModel#append} gives, and the state continues
     * alike.
     */
    @ParameterizedTest
    @MethodSource("all")
    void advancingGivesTheLastVectorOfAppending(NetworkConfig config) {
        SequenceModel network = Networks.model(config, SEED).network();
        int d = network.hiddenSize();
        Random random = new Random(SEED);
        Tape tape = Tape.forward();
        SequenceState appended = network.newState();
        SequenceState advanced = network.newState();
        List<Integer> chunks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] items = Networks.items(random, 1 + random.nextInt(2 * MAX_LEN));
            chunks.add(items.length);
            Tensor all = network.append(tape, appended, items);
            Tensor last = network.advance(tape, advanced, items);
            assertThat(last.rows()).isEqualTo(1);
            float[] expected = Arrays.copyOfRange(all.data(), (items.length - 1) * d, items.length * d);
            for (int c = 0; c < d; c++) {
                assertThat(last.data()[c])
                        .as("seed %d, chunks %s", SEED, chunks)
                        .isCloseTo(expected[c], within(1e-5f));
            }
            tape.reset();
            assertThat(advanced.events()).isEqualTo(appended.events());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void onlyNetworksWithInnerLearningHaveAStep(NetworkConfig config) {
        SequenceModel network = Networks.model(config, SEED).network();
        SequenceState state = network.newState();
        assertThat(state.lastStep()).isEmpty();
        network.append(Tape.forward(), state, 1, 2);
        assertThat(state.lastStep().isPresent()).isEqualTo(config instanceof TttConfig);
    }

    /** The loss is the mean over the layers, and the change is the norm over the layers. */
    @ParameterizedTest
    @MethodSource("ttt")
    void stepIsTakenOverAllLayers(NetworkConfig config) {
        TttModel network = (TttModel) Networks.model(config, SEED).network();
        TttModel.State state = network.newState();
        Tape tape = Tape.forward();
        for (int item = 1; item <= 9; item++) {
            network.append(tape, state, item);
            tape.reset();
            double loss = 0;
            double square = 0;
            int layers = network.config().numLayers();
            for (int layer = 0; layer < layers; layer++) {
                loss += state.fastWeights(layer).loss() / layers;
                square += state.fastWeights(layer).squaredChange();
            }
            InnerStep step = state.lastStep().orElseThrow();
            assertThat(step.loss()).isPositive().isCloseTo(loss, within(1e-9 * loss));
            assertThat(step.change()).isPositive().isCloseTo(Math.sqrt(square), within(1e-9));
            assertThat(state.copy().lastStep()).contains(step);
        }
    }

    /** With mini-batches of one event and one layer, the drift after the first event equals that event's change. */
    @Test
    void firstChangeIsTheFirstDrift() {
        TttConfig config = new TttConfig(
                InnerModelType.MLP, Backbone.TRANSFORMER, false, 1, 12, 2, 20, 1, 1.0, 1000, 4, 0.2, true);
        TttModel network = (TttModel) Networks.model(config, SEED).network();
        TttModel.State state = network.newState();
        network.append(Tape.forward(), state, 17);
        assertThat(state.lastStep().orElseThrow().change()).isCloseTo(state.drift(), within(1e-4 * state.drift()));
    }
}
