package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ItemListsTest {
    /** More items than 16 bits can index. */
    private static final int MANY = 70_000;

    private static final long SEED = 41;

    private static ItemLists lists(int itemCount, int first, int second) {
        ItemLists.Builder builder = new ItemLists.Builder(itemCount, 2);
        for (int item = 1; item <= itemCount; item++) {
            if (item == 3) {
                builder.add(first, 0.1);
                builder.add(second, 0.3);
                builder.add(1, 0.01);
            }
            builder.finish(1);
        }
        return builder.build();
    }

    private static TensorFile file(ItemLists lists) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        lists.tensors("a").forEach(tensor -> tensors.put(tensor.name(), tensor));
        return new TensorFile(Path.of("model.safetensors"), Map.of(), tensors);
    }

    @Test
    void listsKeepTheStrongest() {
        ItemLists lists = lists(10, 4, 9);
        assertThat(lists.list(3).items()).containsExactly(9, 4);
        assertThat(lists.weight(3, 4)).isEqualTo(0.1f);
        assertThat(lists.weight(3, 1)).isZero();
        assertThat(lists.list(4).size()).isZero();
    }

    @Test
    void numbersOfAnyLengthKeepAllTheirBits() {
        ItemLists lists = lists(MANY, 65_536 + 4, MANY);
        assertThat(lists.list(3).items()).containsExactly(MANY, 65_540);
        assertThat(ItemLists.load(file(lists), "a", MANY).list(3).items()).containsExactly(MANY, 65_540);
    }

    /** Gaps of one to three bytes, and more weights than levels, over five orders of magnitude. */
    @Test
    void randomListsAreReadBackWithRoundedWeights() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        ItemLists.Builder builder = new ItemLists.Builder(MANY, 40);
        List<Map<Integer, Float>> expected = new ArrayList<>(List.of(Map.of()));
        for (int item = 1; item <= MANY; item++) {
            Map<Integer, Float> list = new TreeMap<>();
            int length = item % 100 == 0 ? random.nextInt(41) : 0;
            for (int i = 0; i < length; i++) {
                int other = random.nextInt(1, random.nextBoolean() ? 300 : MANY + 1);
                float weight = (float) Math.pow(10, -5 * random.nextDouble());
                if (list.putIfAbsent(other, weight) == null) {
                    builder.add(other, weight);
                }
            }
            builder.finish(1);
            expected.add(list);
        }
        ItemLists lists = builder.build();
        ItemLists read = ItemLists.load(file(lists), "a", MANY);
        for (int item = 1; item <= MANY; item++) {
            Map<Integer, Float> list = expected.get(item);
            assertThat(lists.lengthAtMost(item)).isGreaterThanOrEqualTo(list.size());
            ItemLists.Cursor cursor = lists.cursor(item);
            for (Map.Entry<Integer, Float> entry : list.entrySet()) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.item()).isEqualTo(entry.getKey());
                assertThat(cursor.weight()).isCloseTo(entry.getValue(), withinPercentage(2.4));
            }
            assertThat(cursor.next()).isFalse();
            assertThat(read.list(item)).usingRecursiveComparison().isEqualTo(lists.list(item));
        }
    }

    @Test
    void savedListsAreTheSameListsWhenReadAgain() {
        ItemLists lists = lists(10, 4, 9);
        ItemLists read = ItemLists.load(file(lists), "a", 10);
        assertThat(read.list(3)).usingRecursiveComparison().isEqualTo(lists.list(3));
        assertThat(file(read)).usingRecursiveComparison().isEqualTo(file(lists));
    }

    @Test
    void addedItemsHaveEmptyLists() {
        ItemLists lists = lists(10, 4, 9).withItems(2);
        assertThat(lists.list(3).items()).containsExactly(9, 4);
        assertThat(lists.list(12).size()).isZero();
    }

    @Test
    void damagedListsNameTheirTensor() {
        TensorFile file = file(lists(10, 4, 9));
        ((TensorData.Ints) file.tensor("a.items")).values()[0] = 11;
        assertThatThrownBy(() -> ItemLists.load(file, "a", 10))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("a.items");
    }

    @Test
    void weightsThatAreNoNumbersNameTheirTensor() {
        TensorFile file = file(lists(10, 4, 9));
        ((TensorData.Floats) file.tensor("a.weights")).values()[0] = Float.NaN;
        assertThatThrownBy(() -> ItemLists.load(file, "a", 10))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("a.weights");
    }
}
