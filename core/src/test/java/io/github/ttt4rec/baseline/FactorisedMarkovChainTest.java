package io.github.ttt4rec.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import org.junit.jupiter.api.Test;

class FactorisedMarkovChainTest {
    private static final int ITEMS = 5;

    /** The score s(j | i) = ⟨last_i, next_j⟩ does not depend on the items before i. */
    @Test
    void scoreIsAnInnerProductOfTwoItemsVectors() {
        FactorisedMarkovChain model = new FactorisedMarkovChain.Config(3, 0.2).create(ITEMS);
        model.parameters().initialize(7);
        Tensor hidden = model.encode(
                Tape.forward(), SequenceBatch.of(new int[] {4, 2, 1, 2}, new Segments(new int[] {0, 2, 4})));
        float[] scores = new float[4 * (ITEMS + 1)];
        model.outputLayer().score(4, hidden.data(), scores);
        for (int item = 1; item <= ITEMS; item++) {
            double expected = 0;
            for (int c = 0; c < 3; c++) {
                expected += model.inputTable().value()[2 * 3 + c]
                        * model.outputTable().value()[item * 3 + c];
            }
            assertThat((double) scores[ITEMS + 1 + item]).isCloseTo(expected, within(1e-9));
            assertThat(scores[3 * (ITEMS + 1) + item]).isEqualTo(scores[ITEMS + 1 + item]);
        }
    }

    @Test
    void configurationsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new FactorisedMarkovChain.Config(0, 0)).hasMessageContaining("hidden_size");
        assertThatThrownBy(() -> new FactorisedMarkovChain.Config(4, 1)).hasMessageContaining("dropout");
    }
}
