package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutSiteTest {
    private static final int ROWS = 200;
    private static final int COLUMNS = 64;

    private static float[] mask(int site) {
        Tape tape = Tape.recording(new ParameterSet());
        Tensor x = tape.tensor(ROWS, COLUMNS);
        Arrays.fill(x.data(), 1f);
        long[] seeds = new long[ROWS];
        Arrays.setAll(seeds, SplitMix::mix);
        return Arrays.copyOf(Dropout.apply(tape, x, 0.5f, seeds, site).data(), ROWS * COLUMNS);
    }

    /** Independent masks with rate one half agree in half of the elements. */
    @Test
    void eachSiteHasMasksOfItsOwn() {
        for (int site = 0; site < 4; site++) {
            float[] one = mask(site);
            assertThat(mask(site)).isEqualTo(one);
            for (int other = site + 1; other < 5; other++) {
                float[] two = mask(other);
                int equal = 0;
                for (int i = 0; i < one.length; i++) {
                    equal += one[i] == two[i] ? 1 : 0;
                }
                assertThat((double) equal / one.length).isCloseTo(0.5, within(0.02));
            }
        }
    }
}
