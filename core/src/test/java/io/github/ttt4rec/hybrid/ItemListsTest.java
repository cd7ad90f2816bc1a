package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemListsTest {
    /** More items than 16 bits can index. */
    private static final int MANY = 70_000;

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
    void listsKeepTheStrongestAndTheirWeightsInSixteenBits() {
        ItemLists lists = lists(10, 4, 9);
        assertThat(lists.list(3).items()).containsExactly(9, 4);
        assertThat(lists.weight(3, 4)).isCloseTo(0.1f, within(0.1f * 0.0005f));
        assertThat(lists.weight(3, 4)).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(0.1f)));
        assertThat(lists.weight(3, 1)).isZero();
        assertThat(lists.list(4).size()).isZero();
    }

    @Test
    void numbersBeyondSixteenBitsKeepAllTheirBits() {
        ItemLists lists = lists(MANY, 65_536 + 4, MANY);
        assertThat(lists.list(3).items()).containsExactly(MANY, 65_540);
        assertThat(ItemLists.load(file(lists), "a", MANY).list(3).items()).containsExactly(MANY, 65_540);
    }

    @Test
    void savedListsAreTheSameListsWhenReadAgain() {
        ItemLists lists = lists(10, 4, 9);
        ItemLists read = ItemLists.load(file(lists), "a", 10);
        assertThat(read.list(3)).usingRecursiveComparison().isEqualTo(lists.list(3));
        assertThat(file(read)).usingRecursiveComparison().isEqualTo(file(lists));
    }

    @Test
    void weightsOfOlderFilesAreRoundedWhenTheyAreRead() {
        TensorFile file = new TensorFile(
                Path.of("model.safetensors"),
                Map.of(),
                Map.of(
                        "a.offsets", new TensorData.Ints("a.offsets", new int[] {4}, new int[] {0, 0, 1, 1}),
                        "a.items", new TensorData.Ints("a.items", new int[] {1}, new int[] {2}),
                        "a.weights", new TensorData.Floats("a.weights", new int[] {1}, new float[] {0.123456f})));
        assertThat(ItemLists.load(file, "a", 2).weight(1, 2)).isEqualTo(Float.float16ToFloat((short) 0x2fe7));
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
}
