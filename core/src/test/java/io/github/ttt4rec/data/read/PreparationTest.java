package io.github.ttt4rec.data.read;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Deduplication;
import io.github.ttt4rec.data.Event;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.TimeBound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares every filter with a straightforward implementation. */
class PreparationTest {
    private static final int SEEDS = 40;

    @TempDir
    private Path directory;

    @Test
    void eventsStandInTimeOrderAndTiesInFileOrder() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Event> rows = Event.random(seed, 400, 12, 30, 1 + (int) seed % 7 * 20);
            assertThat(Event.of(prepare(rows, PrepareOptions.keepAll())))
                    .as("seed %d", seed)
                    .isEqualTo(sorted(rows));
        }
    }

    @Test
    void coreIsTheFixpointOfDroppingRareUsersAndItems() throws IOException {
        int emptied = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Event> rows = Event.random(seed, 300, 40, 40, 50);
            int minUser = 1 + (int) (seed % 11);
            int minItem = 1 + (int) (seed * 7 % 11);
            List<Event> expected = core(sorted(rows), minUser, minItem);
            PrepareOptions options = PrepareOptions.keepAll().withCore(minUser, minItem);
            if (expected.isEmpty()) {
                emptied++;
                assertThatThrownBy(() -> prepare(rows, options)).isInstanceOf(UserFacingException.class);
                continue;
            }
            Dataset data = prepare(rows, options);
            assertThat(Event.of(data)).as("seed %d", seed).isEqualTo(expected);
            DataSource.Step last = data.source().steps().getLast();
            assertThat(last.interactions()).isEqualTo(expected.size());
            assertThat(last.users()).isEqualTo(data.userCount());
            assertThat(last.items()).isEqualTo(data.itemCount());
            assertThat(data.source().steps().stream()
                            .mapToLong(DataSource.Step::dropped)
                            .sum())
                    .isEqualTo(rows.size() - expected.size());
        }
        assertThat(emptied).isBetween(1, SEEDS - 20);
    }

    @Test
    void chainOfRareUsersAndItemsUnravelsToNothing() {
        // Each user depends on the next user's item, so the 2-core needs a round per user.
        List<Event> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(new Event("u" + i, "i" + i, 1));
            rows.add(new Event("u" + i, "i" + (i + 1), 2));
        }
        assertThatThrownBy(() -> prepare(rows, PrepareOptions.keepAll().withCore(2, 2)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("2-core");
    }

    @ParameterizedTest
    @EnumSource(Deduplication.class)
    void deduplication(Deduplication deduplication) throws IOException {
        long dropped = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Event> rows = Event.random(seed, 300, 8, 12, 15);
            List<Event> expected = deduplicate(sorted(rows), deduplication);
            Dataset data = prepare(rows, PrepareOptions.keepAll().withDeduplication(deduplication));
            assertThat(Event.of(data)).as("seed %d", seed).isEqualTo(expected);
            dropped += rows.size() - expected.size();
        }
        assertThat(dropped > 0).isEqualTo(deduplication != Deduplication.NONE);
    }

    @Test
    void timeRangeAndMaxUsersComeBeforeTheCore() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Event> rows = Event.random(seed, 600, 20, 20, 100);
            PrepareOptions options = PrepareOptions.keepAll()
                    .withTimeRange(TimeBound.of(20), TimeBound.of(80))
                    .withMaxUsers(12)
                    .withCore(3, 3);
            List<Event> inRange = new ArrayList<>(sorted(rows));
            inRange.removeIf(event -> event.time() < 20 || event.time() >= 80);
            Set<String> firstUsers = new HashSet<>(
                    inRange.stream().map(Event::user).distinct().limit(12).toList());
            inRange.removeIf(event -> !firstUsers.contains(event.user()));
            Dataset data = prepare(rows, options);
            assertThat(Event.of(data)).as("seed %d", seed).isEqualTo(core(inRange, 3, 3));
            assertThat(data.source().steps())
                    .extracting(DataSource.Step::name)
                    .containsExactly("read", "not before 20", "before 80", "first 12 users", "3-core");
        }
    }

    @Test
    void longUsersAreSortedStably() {
        Random random = new Random(11);
        for (int round = 0; round < 30; round++) {
            int count = 1 + random.nextInt(3000);
            int from = random.nextInt(5);
            long[] times = new long[count + 10];
            int[] items = new int[count + 10];
            List<long[]> expected = new ArrayList<>();
            for (int i = 0; i < times.length; i++) {
                times[i] = random.nextInt(1 + random.nextInt(40));
                items[i] = i;
                if (i >= from && i < from + count) {
                    expected.add(new long[] {times[i], i});
                }
            }
            expected.sort(Comparator.comparingLong(pair -> pair[0]));
            new StableTimeSort(times, items).sort(from, from + count);
            for (int i = 0; i < count; i++) {
                assertThat(new long[] {times[from + i], items[from + i]}).isEqualTo(expected.get(i));
            }
            assertThat(items[from + count]).isEqualTo(from + count);
        }
    }

    @Test
    void itemsOfAModelGiveTheirIndices() throws IOException {
        Dataset data = prepare(
                List.of(new Event("a", "x", 1), new Event("a", "y", 2), new Event("b", "z", 3), new Event("c", "y", 4)),
                PrepareOptions.keepAll());
        IdMap model = new IdMap(List.of("w", "y", "x"));
        Dataset aligned = Datasets.withItems(data, model);
        assertThat(Event.of(aligned))
                .containsExactly(new Event("a", "x", 1), new Event("a", "y", 2), new Event("c", "y", 4));
        assertThat(aligned.events()).containsExactly(3, 2, 2);
        assertThat(aligned.items()).isSameAs(model);
        assertThat(aligned.users().names()).containsExactly("a", "c");
        assertThat(aligned.source().steps().getLast())
                .isEqualTo(new DataSource.Step("items known to the model", 2, 2, 3, 1));
    }

    private Dataset prepare(List<Event> rows, PrepareOptions options) throws IOException {
        Path file = directory.resolve("rows.csv");
        Files.writeString(file, Event.csv(rows));
        return Datasets.read(file, ReadOptions.defaults(), options);
    }

    /** The rows sorted by user in order of first appearance, then by time. */
    private static List<Event> sorted(List<Event> rows) {
        Map<String, List<Event>> byUser = new LinkedHashMap<>();
        rows.forEach(row ->
                byUser.computeIfAbsent(row.user(), user -> new ArrayList<>()).add(row));
        byUser.values().forEach(events -> events.sort(Comparator.comparingLong(Event::time)));
        return byUser.values().stream().flatMap(List::stream).toList();
    }

    private static List<Event> core(List<Event> events, int minUser, int minItem) {
        Map<String, Long> ofUser = events.stream().collect(groupingBy(Event::user, counting()));
        Map<String, Long> ofItem = events.stream().collect(groupingBy(Event::item, counting()));
        List<Event> kept = events.stream()
                .filter(event -> ofUser.get(event.user()) >= minUser && ofItem.get(event.item()) >= minItem)
                .toList();
        return kept.size() == events.size() ? kept : core(kept, minUser, minItem);
    }

    private static List<Event> deduplicate(List<Event> events, Deduplication deduplication) {
        Set<Object> seen = new HashSet<>();
        Event[] previous = {new Event("", "", 0)};
        Predicate<Event> keep = switch (deduplication) {
            case NONE -> event -> true;
            case EXACT -> seen::add;
            case CONSECUTIVE ->
                event -> {
                    boolean repeat = event.user().equals(previous[0].user())
                            && event.item().equals(previous[0].item());
                    previous[0] = event;
                    return !repeat;
                };
            case FIRST_PER_USER_ITEM -> event -> seen.add(List.of(event.user(), event.item()));
        };
        return events.stream().filter(keep).toList();
    }
}
