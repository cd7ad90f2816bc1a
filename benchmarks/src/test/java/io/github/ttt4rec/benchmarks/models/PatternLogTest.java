package io.github.ttt4rec.benchmarks.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.benchmarks.models.PatternLog.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatternLogTest {
    private static final int USERS = 30;
    private static final int ITEMS = 60;

    private record Event(int user, int item, long time) {}

    private static List<Event> events(PatternLog log) {
        List<Event> events = new ArrayList<>();
        int count = log.forEach((user, item, time) -> events.add(new Event(user, item, time)));
        assertThat(count).isEqualTo(events.size());
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void usersFollowOneAnotherInOrderOfTime(Pattern pattern) {
        PatternLog log = new PatternLog(pattern, USERS, ITEMS, 10, 0, 3);
        List<Event> events = events(log);
        assertThat(events).hasSizeBetween(USERS * 5, USERS * 15);
        assertThat(events).allMatch(event -> event.item >= 1 && event.item <= ITEMS);
        assertThat(events.stream().map(Event::user).distinct()).hasSize(USERS);
        for (int i = 1; i < events.size(); i++) {
            Event before = events.get(i - 1);
            Event event = events.get(i);
            assertThat(event.user).isGreaterThanOrEqualTo(before.user);
            assertThat(event.user > before.user || event.time >= before.time).isTrue();
        }
        assertThat(events(log)).isEqualTo(events);
        assertThat(events(new PatternLog(pattern, USERS, ITEMS, 10, 0, 4))).isNotEqualTo(events);
    }

    @Test
    void chainHasFewSuccessors() {
        List<Event> events = events(new PatternLog(Pattern.CHAIN, 200, ITEMS, 20, 0, 5));
        long[] pairs = events.stream()
                .filter(event -> event.item == 7)
                .map(events::indexOf)
                .filter(i -> i + 1 < events.size())
                .mapToLong(i -> events.get(i + 1).item)
                .toArray();
        assertThat(pairs).hasSizeGreaterThan(20);
        assertThat(Arrays.stream(pairs).distinct().count()).isLessThan(pairs.length / 2);
    }

    @Test
    void firstUserMayHaveMoreEvents() {
        List<Event> events = events(new PatternLog(Pattern.POPULARITY, USERS, ITEMS, 10, 500, 6));
        assertThat(events.stream().filter(event -> event.user == 0)).hasSize(500);
    }

    @Test
    void clustersHaveNoRepeats() {
        List<Event> events = events(new PatternLog(Pattern.CLUSTERS, USERS, ITEMS, 10, 0, 7));
        assertThat(events.stream().map(event -> event.user + " " + event.item)).doesNotHaveDuplicates();
    }
}
