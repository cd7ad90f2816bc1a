package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row with the weight n counts as n equal rows, in the loss and in every gradient. */
class LossWeightsTest {
    private static final long SEED = 11;
    private static final int ITEMS = 30;
    private static final int D = 8;
    private static final int[] TIMES = {1, 3, 2, 1};
    private static final float SCALE = 0.25f;

    enum Loss {
        CROSS_ENTROPY,
        BPR,
        SAMPLED_CROSS_ENTROPY,
        BINARY_CROSS_ENTROPY
    }

    private final ParameterSet parameters = new ParameterSet();
    private final Parameter table = parameters.declare("table", Parameter.Init.ZERO, ITEMS, D);
    private final Parameter bias = parameters.declare("bias", Parameter.Init.ZERO, ITEMS);
    private final OutputLayer output = new OutputLayer(table, ITEMS, bias);
    private final Tape tape = Tape.recording(parameters);
    private final Random random = new Random(SEED);
    private final Negatives negatives =
            new Negatives(6, 64, 0, random.ints(6, 1, ITEMS).toArray(), new float[6]);

    LossWeightsTest() {
        Numbers.fill(random, table.value(), 1f);
        Numbers.fill(random, bias.value(), 1f);
        parameters.updated();
    }

    private double apply(Loss loss, Tensor hidden, int[] targets, int[] drawn, LossWeights weights) {
        return switch (loss) {
            case CROSS_ENTROPY -> CatalogueCrossEntropy.apply(tape, hidden, targets, output, weights);
            case BPR -> BprLoss.apply(tape, hidden, targets, drawn, output, weights);
            case SAMPLED_CROSS_ENTROPY -> SampledCrossEntropy.apply(tape, hidden, targets, negatives, output, weights);
            case BINARY_CROSS_ENTROPY ->
                SampledBinaryCrossEntropy.apply(tape, hidden, targets, negatives, 0.7f, output, weights);
        };
    }

    private Tensor tensor(float... values) {
        Tensor tensor = tape.tensor(values.length / D, D);
        System.arraycopy(values, 0, tensor.data(), 0, values.length);
        return tensor;
    }

    @ParameterizedTest
    @EnumSource
    void rowWithAWeightCountsAsThatManyRows(Loss loss) {
        int rows = TIMES.length;
        float[] values = Numbers.uniform(random, rows * D, 1f);
        int[] targets = random.ints(rows, 1, ITEMS).toArray();
        int[] drawn = random.ints(rows, 1, ITEMS).toArray();
        int[] rowOf = new int[Arrays.stream(TIMES).sum()];
        float[] weights = new float[rows];
        float[] repeated = new float[rowOf.length * D];
        int next = 0;
        for (int row = 0; row < rows; row++) {
            weights[row] = TIMES[row];
            for (int i = 0; i < TIMES[row]; i++) {
                System.arraycopy(values, row * D, repeated, next * D, D);
                rowOf[next++] = row;
            }
        }

        Tensor many = tensor(repeated);
        double expected = apply(
                loss,
                many,
                Arrays.stream(rowOf).map(row -> targets[row]).toArray(),
                Arrays.stream(rowOf).map(row -> drawn[row]).toArray(),
                LossWeights.equal(SCALE));
        float[] ofTable = tape.gradient(table).clone();
        float[] ofBias = tape.gradient(bias).clone();
        float[] ofHidden = new float[rows * D];
        for (int i = 0; i < rowOf.length * D; i++) {
            ofHidden[rowOf[i / D] * D + i % D] += many.grad()[i];
        }
        Arrays.fill(tape.gradient(table), 0f);
        Arrays.fill(tape.gradient(bias), 0f);

        Tensor few = tensor(values);
        double actual = apply(loss, few, targets, drawn, new LossWeights(SCALE, weights));
        assertThat(actual).isCloseTo(expected, within(1e-5 * expected));
        assertThat(tape.gradient(table)).containsExactly(ofTable, within(1e-5f));
        assertThat(tape.gradient(bias)).containsExactly(ofBias, within(1e-5f));
        assertThat(Arrays.copyOf(few.grad(), rows * D)).containsExactly(ofHidden, within(1e-5f));
    }
}
