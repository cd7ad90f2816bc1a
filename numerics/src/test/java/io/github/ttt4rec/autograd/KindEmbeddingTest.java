package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.testing.Numbers;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KindEmbeddingTest {
    private static final int ITEM_BITS = 5;
    private static final int D = 6;

    @Test
    void rowIsTheSumOfItemAndKindAndBothGetItsGradient() {
        Random random = new Random(4);
        ParameterSet parameters = new ParameterSet();
        Parameter items = parameters.declare("items", Parameter.Init.ZERO, 9, D);
        Parameter kinds = parameters.declare("kinds", Parameter.Init.ZERO, 3, D);
        Numbers.fill(random, items.value(), 1f);
        Numbers.fill(random, kinds.value(), 1f);
        parameters.updated();
        int[] item = {1, 8, 3, 1};
        int[] kind = {0, 2, 1, 2};
        int[] tokens = new int[item.length + 2];
        for (int t = 0; t < item.length; t++) {
            tokens[t] = item[t] | kind[t] << ITEM_BITS;
        }
        Tape tape = Tape.recording(parameters);
        Tensor y = KindEmbedding.apply(tape, items, kinds, tokens, item.length, ITEM_BITS);
        float[] gradient = Numbers.uniform(random, item.length * D, 1f);
        System.arraycopy(gradient, 0, y.grad(), 0, gradient.length);
        tape.backward();
        float[] ofItems = new float[9 * D];
        float[] ofKinds = new float[3 * D];
        for (int t = 0; t < item.length; t++) {
            for (int c = 0; c < D; c++) {
                assertThat(y.data()[t * D + c])
                        .isEqualTo(items.value()[item[t] * D + c] + kinds.value()[kind[t] * D + c]);
                ofItems[item[t] * D + c] += gradient[t * D + c];
                ofKinds[kind[t] * D + c] += gradient[t * D + c];
            }
        }
        assertThat(tape.gradient(items)).containsExactly(ofItems);
        assertThat(tape.gradient(kinds)).containsExactly(ofKinds);
    }
}
