package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContextCountsTest {
    private static final long SEED = 3;
    private static final int ITEMS = 12;
    private static final long[] TRAINING = {0, 5, 0, 40, 1, 0, 7, 7, 2, 0, 0, 30, 9};
    private static final List<String> COUNTRIES = List.of("country=DE", "country=FR", "country=GB");
    private static final List<String> DEVICES = List.of("device=mobile", "device=desktop");
    private static final int TODAY = 20_000;
    private static final long NOW = TODAY * 86_400_000_000L + 12_345;

    private record Counted(List<String> context, String item, int day) {}

    private static List<Counted> events(int count) {
        Random random = new Random(SEED);
        List<Counted> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Countries prefer items of their own; item i0 is not of the model.
            int country = random.nextInt(3) * random.nextInt(2);
            String item = "i" + (random.nextInt(3) == 0 ? random.nextInt(ITEMS + 1) : 1 + (4 * country + 1) % ITEMS);
            events.add(new Counted(
                    List.of(COUNTRIES.get(country), DEVICES.get(random.nextInt(2))),
                    item,
                    TODAY + 2 - random.nextInt(60)));
        }
        return events;
    }

    private static ContextCounts counts(List<Counted> events) {
        ContextCounts counts = new ContextCounts();
        events.forEach(event -> counts.change(event.context, event.item, event.day, 1));
        return counts;
    }

    private static int index(String item) {
        return Integer.parseInt(item.substring(1));
    }

    private static double weight(int day) {
        return Math.pow(2, -Math.max(0, TODAY - day) / ContextCounts.HALF_LIFE_DAYS);
    }

    private static double sum(List<Counted> events, String context, int item) {
        return events.stream()
                .filter(event -> context.isEmpty() || event.context.contains(context))
                .filter(event -> item == 0 ? index(event.item) > 0 : index(event.item) == item)
                .mapToDouble(event -> weight(event.day))
                .sum();
    }

    private static double[] all(ContextCounts counts, List<String> contexts) {
        ContextCounts.Overall overall = counts.overall(NOW, TRAINING, ContextCountsTest::index);
        ContextCounts.Within special = counts.within(contexts, overall, ContextCountsTest::index);
        double[] shares = new double[ITEMS + 1];
        for (int v = 1; v <= ITEMS; v++) {
            shares[v] = overall.shares()[v] * special.rest();
        }
        for (int i = 0; i < special.items().length; i++) {
            shares[special.items()[i]] = special.shares()[i];
        }
        return shares;
    }

    @Test
    void sharesFollowTheFormula() {
        List<Counted> events = events(200);
        ContextCounts counts = counts(events);
        double trained = 0;
        for (int v = 1; v <= ITEMS; v++) {
            trained += TRAINING[v] + 0.5;
        }
        List<String> contexts = List.of("country=FR", "device=mobile");
        double[] own = all(counts, contexts);
        double whole = 0;
        for (int v = 1; v <= ITEMS; v++) {
            double prior = (TRAINING[v] + 0.5) / trained;
            double overall = (sum(events, "", v) + 100 * prior) / (sum(events, "", 0) + 100);
            double expected = 0;
            for (String context : contexts) {
                expected += (sum(events, context, v) + 100 * overall) / (sum(events, context, 0) + 100) / 2;
            }
            assertThat(own[v]).as("item %d, seed %d", v, SEED).isCloseTo(expected, within(1e-8));
            whole += own[v];
        }
        assertThat(whole).isCloseTo(1, within(1e-8));
    }

    @Test
    void contextWithoutEventsHasTheOverallSharesAndOneWithManyHasItsOwn() {
        List<Counted> events = events(200);
        ContextCounts counts = counts(events);
        double[] overall =
                counts.overall(NOW, TRAINING, ContextCountsTest::index).shares();
        assertThat(counts.counted(List.of("country=XX", "country=DE"))).containsExactly("country=DE");
        assertThat(all(counts, List.of("country=XX"))).isEqualTo(overall);
        assertThat(all(counts, List.of("country=XX", "country=DE"))).isEqualTo(all(counts, List.of("country=DE")));
        counts.change(List.of("country=XX"), "i2", TODAY, 1);
        double[] few = all(counts, List.of("country=XX"));
        for (int v = 1; v <= ITEMS; v++) {
            assertThat(few[v]).isCloseTo(overall[v], within(0.02));
        }
        for (int i = 0; i < 1_000; i++) {
            counts.change(List.of("country=XX"), "i2", TODAY, 1);
        }
        assertThat(all(counts, List.of("country=XX"))[2]).isGreaterThan(0.9);
    }

    @Test
    void orderOfEventsDoesNotMatterToTheBit() {
        List<Counted> events = events(500);
        ContextCounts one = counts(events);
        List<Counted> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(SEED));
        ContextCounts other = counts(shuffled);
        assertThat(other.snapshot()).isEqualTo(one.snapshot());
        assertThat(all(other, DEVICES)).isEqualTo(all(one, DEVICES));
    }

    @Test
    void removedEventsLeaveNothing() {
        List<Counted> events = events(500);
        ContextCounts counts = counts(events);
        Random random = new Random(SEED);
        Set<Counted> removed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Counted event : events) {
            if (random.nextBoolean()) {
                removed.add(event);
                counts.change(event.context, event.item, event.day, -1);
            }
        }
        List<Counted> left =
                events.stream().filter(event -> !removed.contains(event)).toList();
        assertThat(counts.snapshot()).isEqualTo(counts(left).snapshot());
        assertThat(all(counts, COUNTRIES)).isEqualTo(all(counts(left), COUNTRIES));
        left.forEach(event -> counts.change(event.context, event.item, event.day, -1));
        assertThat(counts.snapshot()).isEmpty();
        assertThat(counts.counted(COUNTRIES)).isEmpty();
    }

    @Test
    void tableGrowsWithItsCells() {
        ContextCounts counts = new ContextCounts();
        Set<Integer> days = new HashSet<>();
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            int day = random.nextInt() / 2;
            days.add(day);
            counts.change(List.of("a=b"), "i1", day, 1);
            counts.change(List.of("c=d"), "i2", day, 1);
            counts.change(List.of("c=d"), "i2", day, -1);
        }
        assertThat(counts.snapshot().get("a=b").get("i1").keySet()).isEqualTo(days);
        assertThat(counts.snapshot()).doesNotContainKey("c=d");
    }

    @Test
    void eventsOfAnOldLogKeepTheirWeights() {
        List<Counted> events = events(100);
        ContextCounts counts = counts(events);
        long later = NOW + 5_000 * 86_400_000_000L;
        ContextCounts.Overall old = counts.overall(later, TRAINING, ContextCountsTest::index);
        int last = events.stream().mapToInt(Counted::day).max().orElseThrow();
        assertThat(old.today()).isEqualTo(last);
    }

    @Test
    void dayOfATimeIsThatOfUtc() {
        assertThat(ContextCounts.day(Instant.parse("1970-01-02T23:59:59Z").toEpochMilli() * 1000))
                .isEqualTo(1);
        assertThat(ContextCounts.day(-1)).isEqualTo(-1);
        assertThat(ContextCounts.day(Long.MAX_VALUE)).isPositive();
        assertThat(ContextCounts.day(Long.MIN_VALUE)).isNegative();
    }
}
