package io.github.ttt4rec.train.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTrainingTest {
    private static final long SEED = 5;
    /** More than one panel of the packed table. */
    private static final int ITEMS = 150;

    private static final int UNSEEN = 3;
    private static final int[] SEQUENCE = {3, 1, 4, 2, 5, 9, 2, 6};
    private static final int[] TARGETS = {1, 4, 2, 5, 9, 2, 6, 7};

    private final IdMap items =
            new IdMap(IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList());
    private Parallel workers;

    @BeforeEach
    void start() {
        workers = new Parallel(2, "test");
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    /** The item with index 10 and every seventh have no attributes. */
    private static ItemAttributes attributes(int item) {
        return new ItemAttributes(
                "Word" + item % 5 + " thing",
                null,
                null,
                List.of(Category.parse("shop > kind " + item % 3)),
                List.of("label " + item % 4),
                Map.of(),
                TimeWindow.ALWAYS);
    }

    private static Map<String, ItemAttributes> all() {
        Map<String, ItemAttributes> all = new HashMap<>();
        for (int item = 0; item < ITEMS; item++) {
            if (item % 7 != 2) {
                all.put("i" + item, attributes(item));
            }
        }
        return all;
    }

    private static SequenceModel network(boolean tied) {
        SequenceModel network = new TttConfig(
                        InnerModelType.LINEAR,
                        TttConfig.Backbone.TRANSFORMER,
                        false,
                        1,
                        8,
                        2,
                        16,
                        4,
                        1.0,
                        1000,
                        4,
                        0,
                        tied)
                .create(ITEMS);
        network.parameters().initialize(SEED);
        return network;
    }

    private AttributeTraining training(SequenceModel network, double dropout) {
        return training(network, all(), dropout, SEED);
    }

    /** Item i3 has no training events. */
    private AttributeTraining training(
            SequenceModel network, Map<String, ItemAttributes> attributes, double dropout, long seed) {
        long[] events = new long[ITEMS + 1];
        Arrays.fill(events, 9);
        events[UNSEEN + 1] = 0;
        return new AttributeTraining(network, new AttributeTraining.Items(items, attributes, events), dropout, seed);
    }

    private static double loss(SequenceModel network, Tape tape) {
        Tensor hidden = network.encode(tape, SequenceBatch.of(SEQUENCE, new Segments(new int[] {0, SEQUENCE.length})));
        double loss = CatalogueCrossEntropy.apply(tape, hidden, TARGETS, network.outputLayer(), 1f);
        tape.backward();
        tape.reset();
        return loss;
    }

    /** Two tapes with the same pass each, so that their gradients must be added. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsAgreeWithFiniteDifferences(boolean tied) throws Exception {
        SequenceModel network = network(tied);
        AttributeTraining training = training(network, 0.5);
        // Larger vectors than at the start of a training, so that differences are above the noise of floats.
        SplittableRandom random = new SplittableRandom(SEED);
        List<Parameter> extras = network.parameters().all().stream()
                .filter(parameter -> parameter.name().startsWith("content."))
                .toList();
        assertThat(extras).hasSize(tied ? 2 : 4);
        for (Parameter extra : extras) {
            // Row 0 of the items' own vectors is padding.
            for (int i = extra.name().contains("own.") ? 8 : 0; i < extra.size(); i++) {
                extra.value()[i] = 0.4f * (float) random.nextGaussian();
            }
        }
        training.combine(SEED, workers);
        List<Tape> tapes = List.of(Tape.recording(network.parameters()), Tape.recording(network.parameters()));
        tapes.forEach(tape -> loss(network, tape));
        training.distribute(tapes, SEED, workers);
        for (Tape tape : tapes) {
            // The optimiser clears the gradient of row 0, which is padding.
            float[] left = tape.gradient(network.outputTable());
            assertThat(Arrays.copyOfRange(left, 8, left.length)).containsOnly(0f);
        }
        float step = 0x1p-7f;
        for (Parameter extra : extras) {
            for (int n = 0; n < 40; n++) {
                int i = random.nextInt(8, Math.min(extra.size(), 96));
                float value = extra.value()[i];
                double[] around = new double[2];
                for (int side = 0; side < 2; side++) {
                    extra.value()[i] = value + (side == 0 ? step : -step);
                    training.combine(SEED, workers);
                    around[side] = 2 * loss(network, Tape.forward());
                }
                extra.value()[i] = value;
                double expected = (around[0] - around[1]) / (2 * step);
                assertThat((double) tapes.get(0).gradient(extra)[i])
                        .as("%s[%s], seed %s", extra.name(), i, SEED)
                        .isCloseTo(expected, within(0.01 + 0.02 * Math.abs(expected)));
            }
        }
    }

    @Test
    void itemWithoutItsOwnVectorIsThatOfItsAttributes() throws Exception {
        SequenceModel network = network(true);
        float[] initial = network.outputTable().value().clone();
        AttributeTraining training = training(network, 1);
        training.combine(1, workers);
        AttributeEncoder encoder = training.encoder();
        float[] table = network.outputTable().value();
        for (int item = 0; item < ITEMS; item++) {
            float[] expected = item % 7 == 2
                    ? row(initial, item + 1)
                    : encoder.vector(network.outputTable().name(), attributes(item));
            assertThat(row(table, item + 1)).as("item %s", item).containsExactly(expected, within(1e-6f));
        }
        assertThat(row(table, 0)).containsOnly(0f);
        assertThat(encoder.tells(attributes(4))).isTrue();
        assertThat(encoder.tells(ItemAttributes.NONE)).isFalse();
        assertThat(encoder.vector("another table", attributes(4))).isNull();
    }

    private static float[] row(float[] table, int row) {
        return Arrays.copyOfRange(table, row * 8, (row + 1) * 8);
    }

    @Test
    void shareOfItemsLosesTheirOwnVectorAndOtherItemsInAnotherStep() throws Exception {
        SequenceModel network = network(true);
        AttributeTraining training = training(network, 0.3);
        training.combine(workers);
        float[] whole = network.outputTable().value().clone();
        assertThat(row(whole, UNSEEN + 1))
                .as("item without training events")
                .containsExactly(
                        training.encoder().vector(network.outputTable().name(), attributes(UNSEEN)), within(1e-6f));
        int[] lost = new int[2];
        int both = 0;
        boolean[][] dropped = new boolean[2][ITEMS];
        for (int step = 0; step < 2; step++) {
            training.combine(step, workers);
            for (int item = 0; item < ITEMS; item++) {
                dropped[step][item] =
                        row(whole, item + 1)[0] != row(network.outputTable().value(), item + 1)[0];
                lost[step] += dropped[step][item] ? 1 : 0;
            }
        }
        for (int item = 0; item < ITEMS; item++) {
            both += dropped[0][item] && dropped[1][item] ? 1 : 0;
        }
        assertThat(lost[0]).isBetween(20, 60);
        assertThat(lost[1]).isBetween(20, 60);
        assertThat(both).isLessThan(lost[0]);
    }

    @Test
    void continuedTrainingStartsFromTheSameTableAndTheVectorsOfKnownFeatures() throws Exception {
        SequenceModel network = network(true);
        AttributeTraining training = training(network, 0.3);
        training.combine(workers);
        SequenceModel next = network(true);
        System.arraycopy(
                network.outputTable().value(),
                0,
                next.outputTable().value(),
                0,
                next.outputTable().size());
        Map<String, ItemAttributes> more = all();
        more.replaceAll((id, own) -> id.endsWith("5") ? attributes(3 * id.length()) : own);
        AttributeTraining continued = training(next, more, 0.3, SEED + 1);
        continued.continueFrom(training.encoder());
        continued.combine(workers);
        for (int row = 1; row <= ITEMS; row++) {
            if (row != UNSEEN + 1) {
                assertThat(row(next.outputTable().value(), row))
                        .as("row %s", row)
                        .containsExactly(row(network.outputTable().value(), row), within(1e-6f));
            }
        }
        ItemAttributes category = new ItemAttributes(
                null, null, null, List.of(Category.parse("shop > kind 1")), List.of(), Map.of(), TimeWindow.ALWAYS);
        String table = next.outputTable().name();
        // The weights of the features depend on how many items have them, which changed a little.
        assertThat(continued.encoder().vector(table, category))
                .containsExactly(training.encoder().vector(table, category), within(5e-3f));
    }
}
