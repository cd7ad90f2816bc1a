package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ItemTablesTest {
    /** Tables of two users; the last two events of each user are for validation and test. */
    private final ItemTables tables = ItemTables.count(
            TrainingEvents.of(
                    Logs.leaveOneOut(Logs.of(6, true, new int[] {1, 2, 1, 3, 5, 6}, new int[] {1, 2, 4, 6, 5}))),
            HybridConfig.defaults());

    @Test
    void cooccurrenceIsTheShrunkCosineOfTrainingColumns() {
        assertThat(tables.cooccurrence().weight(1, 2)).isCloseTo(2f / 12, within(1e-4f));
        assertThat(tables.cooccurrence().weight(3, 1)).isCloseTo((float) (1 / (Math.sqrt(2) + 10)), within(1e-4f));
        assertThat(tables.cooccurrence().weight(3, 4)).isZero();
    }

    @Test
    void transitionsAreWeightedByDistanceAndDirected() {
        // From item 1, which has 3 events: user 1 has item 2 at distance 1, and item 3 at distance 3 and, from the
        // second event on item 1, at distance 1; user 2 has item 2 at distance 1 and item 4 at distance 2.
        assertThat(tables.transitions().weight(1, 2)).isCloseTo(2f / 8, within(1e-4f));
        assertThat(tables.transitions().weight(1, 3)).isCloseTo((1 + 1f / 3) / 8, within(1e-4f));
        assertThat(tables.transitions().weight(1, 4)).isCloseTo(0.5f / 8, within(1e-4f));
        assertThat(tables.transitions().weight(3, 1)).isZero();
        assertThat(tables.successions().weight(1, 4)).isZero();
        assertThat(tables.successions().weight(2, 4)).isCloseTo(1f / 7, within(1e-4f));
    }

    @Test
    void eventsAfterTheTrainingPartCountNowhere() {
        for (int item : new int[] {5, 6}) {
            assertThat(tables.popularity()[item]).isZero();
            for (ItemLists lists : new ItemLists[] {
                tables.cooccurrence(), tables.transitions(), tables.successions(), tables.nextVisits()
            }) {
                for (int other = 1; other <= 6; other++) {
                    assertThat(lists.list(other).items()).doesNotContain(item);
                }
                assertThat(lists.list(item).size()).isZero();
            }
        }
    }

    @Test
    void repeatRatesAreThoseOfTrainingEvents() {
        // One of the seven training events repeats an item of its user.
        assertThat(tables.repeatShare()).isCloseTo(1.0 / 7, within(1e-6));
        assertThat(tables.repeats()[1]).isPositive();
        assertThat(tables.repeats()[2]).isNegative();
    }

    @Test
    void logWithoutTimesHasNoVisitsAndNoFreshPopularity() {
        ItemTables untimed = ItemTables.count(
                TrainingEvents.of(Logs.leaveOneOut(Logs.of(6, false, new int[] {1, 2, 1, 3, 5, 6}))),
                HybridConfig.defaults());
        assertThat(untimed.nextVisits().isEmpty()).isTrue();
        assertThat(untimed.freshPopularity()).containsOnly(0f);
        assertThat(tables.nextVisits().isEmpty()).isFalse();
    }
}
