package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdMapTest {
    @Test
    void givesEveryNameItsIndexAndBack() {
        Random random = new Random(3);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            // Consecutive ids, long ids that differ only at the end, and ids that are not ASCII.
            names.add(
                    switch (i % 3) {
                        case 0 -> Integer.toString(i);
                        case 1 -> "x".repeat(random.nextInt(60)) + i;
                        default -> "ïd🎸" + i;
                    });
        }
        IdMap map = new IdMap(names);
        assertThat(map.size()).isEqualTo(names.size());
        assertThat(map.names()).isEqualTo(names);
        for (int i = 0; i < names.size(); i++) {
            assertThat(map.indexOf(names.get(i))).isEqualTo(i + 1);
            assertThat(map.name(i + 1)).isEqualTo(names.get(i));
        }
        assertThat(map.indexOf("unknown")).isNull();
        assertThat(map.indexOf("")).isNull();
    }

    @Test
    void refusesRepeatsAndIndicesOutside() {
        assertThatThrownBy(() -> new IdMap(List.of("a", "b", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id given twice: a");
        IdMap map = new IdMap(List.of("a"));
        assertThatThrownBy(() -> map.name(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> map.name(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> map.names().add("b")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(new IdMap(List.of()).size()).isZero();
    }

    @Test
    void refusesARepeatOfTheLastName() {
        assertThatThrownBy(() -> new IdMap(List.of("a", "b", "b"))).hasMessageContaining("id given twice: b");
    }

    @Test
    void tellsIdsApartThatUtf8CannotHold() {
        assertThatThrownBy(() -> new IdMap(List.of("half \ud83c pair"))).hasMessageContaining("half a surrogate pair");
        assertThat(new IdMap(List.of("half ? pair")).indexOf("half \ud83c pair"))
                .isNull();
    }
}
