package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearnedTablesTest {
    private static final long SEED = 17;

    /** Random histories over 60 items, so few that rows are full. */
    private static List<List<String>> histories(Random random, int users) {
        return IntStream.range(0, users)
                .mapToObj(user -> random.ints(40, 0, 60)
                        .mapToObj(item -> "item" + item * item % 61)
                        .toList())
                .toList();
    }

    private static void change(LearnedTables tables, List<String> history, int at, int sign) {
        int[] numbers = history.stream().mapToInt(tables::number).toArray();
        tables.change(numbers, at, !history.subList(0, at).contains(history.get(at)), sign);
    }

    private static LearnedTables.View view(LearnedTables tables, List<String> catalogue) {
        return tables.view(item -> catalogue.indexOf(item) + 1, catalogue.size());
    }

    /** Counts all events in a random order of users, keeping the order of each user's events. */
    private static LearnedTables mixed(List<List<String>> histories, Random random) {
        List<Integer> turns = new ArrayList<>();
        for (int user = 0; user < histories.size(); user++) {
            turns.addAll(Collections.nCopies(histories.get(user).size(), user));
        }
        Collections.shuffle(turns, random);
        LearnedTables tables = new LearnedTables();
        int[] next = new int[histories.size()];
        turns.forEach(user -> change(tables, histories.get(user), next[user]++, 1));
        return tables;
    }

    @Test
    void tablesDependOnEachUsersOrderAlone() {
        List<List<String>> histories = histories(new Random(SEED), 50);
        assertThat(mixed(histories, new Random(1)).snapshot())
                .as("seed %d", SEED)
                .isEqualTo(mixed(histories, new Random(2)).snapshot());
    }

    @Test
    void eventsTakenBackLeaveNothing() {
        List<List<String>> histories = histories(new Random(SEED), 50);
        LearnedTables tables = mixed(histories, new Random(1));
        List<String> out = histories.getLast();
        for (int at = out.size() - 1; at >= 0; at--) {
            change(tables, out, at, -1);
        }
        assertThat(tables.snapshot())
                .as("seed %d", SEED)
                .isEqualTo(mixed(histories.subList(0, 49), new Random(3)).snapshot());
    }

    @Test
    void rowOffersTheItemsWithTheLargestSums() {
        LearnedTables tables = new LearnedTables();
        for (int other = 0; other < 30; other++) {
            for (int times = 0; times <= other; times++) {
                change(tables, List.of("a", "b" + other), 1, 1);
            }
        }
        List<String> catalogue = new ArrayList<>(List.of("a"));
        IntStream.range(0, 30).forEach(other -> catalogue.add("b" + other));
        LearnedTables.View view = view(tables, catalogue);
        LearnedTables.Row row = view.successions(1);
        assertThat(IntStream.range(0, row.size()).map(i -> view.index(row.numbers()[i]) - 2))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(10, 30).boxed().toList());
        assertThat(view.transitions(1).sums()).contains(30 * LearnedTables.UNIT);
        assertThat(view.events(31)).isEqualTo(30);
    }

    @Test
    void userCountsOnceForItemsHadTogether() {
        LearnedTables tables = new LearnedTables();
        List<String> bot =
                IntStream.range(0, 100).mapToObj(i -> i % 2 == 0 ? "a" : "b").toList();
        IntStream.range(0, 100).forEach(at -> change(tables, bot, at, 1));
        LearnedTables.View view = view(tables, List.of("a", "b"));
        assertThat(view.together(1).sums()).containsExactly(1);
        assertThat(view.users(2)).isEqualTo(1);
    }

    @Test
    void itemThatIsNamedLaterIsFoundByAnEarlierView() {
        LearnedTables tables = new LearnedTables();
        LearnedTables.View view = view(tables, List.of("a", "b"));
        assertThat(view.successions(1).size()).isZero();
        change(tables, List.of("a", "x", "b"), 2, 1);
        change(tables, List.of("a", "b"), 1, 1);
        assertThat(view.index(view.successions(1).numbers()[0])).isEqualTo(2);
        assertThat(view.transitions(1).size()).isEqualTo(1);
    }
}
