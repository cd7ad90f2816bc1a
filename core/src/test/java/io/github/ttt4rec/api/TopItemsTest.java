package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopItemsTest {
    private static final IdMap FIVE = new IdMap(List.of("a", "b", "c", "d", "e"));

    @Test
    void itemsAreSortedByScoreThenByIndex() {
        float[] scores = {99, 1, 3, 3, 2, 3};
        assertThat(items(scores, all(5), 4, FIVE)).containsExactly("b", "c", "e", "d");
        assertThat(items(scores, all(5), 2, FIVE)).containsExactly("b", "c");
    }

    @Test
    void notANumberComesLast() {
        float[] scores = {0, Float.NaN, -5, Float.NEGATIVE_INFINITY, Float.NaN, 1};
        assertThat(items(scores, all(5), 5, FIVE)).containsExactly("e", "b", "c", "a", "d");
        assertThat(items(scores, all(5), 3, FIVE)).containsExactly("e", "b", "c");
    }

    @Test
    void onlyAllowedItemsAndNeverMoreThanThereAre() {
        BitSet some = new BitSet();
        some.set(2);
        some.set(4);
        float[] scores = {0, 5, 4, 3, 2, 1};
        assertThat(items(scores, some, 10, FIVE)).containsExactly("b", "d");
        assertThat(items(scores, some, 0, FIVE)).isEmpty();
        assertThat(items(scores, new BitSet(), 3, FIVE)).isEmpty();
    }

    @Test
    void selectionEqualsAFullSort() {
        long seed = 11;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        IdMap many = new IdMap(IntStream.range(0, 300).mapToObj(i -> "n" + i).toList());
        for (int round = 0; round < 50; round++) {
            float[] scores = new float[301];
            for (int i = 1; i < scores.length; i++) {
                scores[i] = random.nextInt(40); // few distinct scores, so many ties
            }
            int k = 1 + random.nextInt(40);
            // All items, or runs of items with gaps between them, some shorter and some longer than a word of bits.
            BitSet allowed = all(300);
            for (int from = 1; round % 2 == 1 && from <= 300; from += random.nextInt(90)) {
                int to = Math.min(301, from + random.nextInt(20));
                allowed.clear(from, to);
                from = to + 1;
            }
            List<String> expected = allowed.stream()
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])
                            .thenComparing(i -> i))
                    .limit(k)
                    .map(many::name)
                    .toList();
            assertThat(items(scores, allowed, k, many)).isEqualTo(expected);
        }
    }

    private static BitSet all(int size) {
        BitSet all = new BitSet();
        all.set(1, size + 1);
        return all;
    }

    private static List<String> items(float[] scores, BitSet allowed, int k, IdMap ids) {
        return TopItems.select(scores, allowed, k, ids).stream()
                .map(Recommendation::item)
                .toList();
    }
}
