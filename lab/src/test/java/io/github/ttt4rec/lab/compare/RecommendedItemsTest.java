package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecommendedItemsTest {
    @Test
    void figuresEqualThoseComputedByHand() {
        // Items 1, 2 and 3 have 5, 2 and 0 training events. There are 6 places: 4 for item 1 and 2 for item 3.
        RecommendedItems items = RecommendedItems.summarise(new long[] {0, 4, 0, 2}, new float[] {0, 5, 2, 0}, 3);
        assertThat(items.cases()).isEqualTo(3);
        assertThat(items.coverage()).isEqualTo(2 / 3.0);
        // In ascending order 0, 2, 4: 2·(1·0 + 2·2 + 3·4)/(3·6) − 4/3.
        assertThat(items.gini()).isCloseTo(4 / 9.0, within(1e-12));
        // With one event added per item: 6, 3 and 1 of 10.
        double bits = -(4 * Math.log(0.6) + 2 * Math.log(0.1)) / 6 / Math.log(2);
        assertThat(items.novelty()).isCloseTo(bits, within(1e-12));
        assertThat(items.popularityRank()).isEqualTo((4 * 1 + 2 * 3) / 6.0);
    }

    @Test
    void topTenAreThoseOfASort() {
        Random random = new Random(3);
        for (int items : new int[] {1, 5, 10, 11, 300}) {
            float[] scores = new float[2 + items + 1];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextInt(40);
            }
            int[] expected = IntStream.rangeClosed(1, items)
                    .boxed()
                    .sorted((a, b) -> Float.compare(scores[2 + b], scores[2 + a]))
                    .limit(10)
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(RecommendedItems.top(scores, 2, items)).containsExactly(expected);
        }
    }
}
