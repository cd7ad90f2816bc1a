package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-01-01T00:30:00Z");

    private EventStore open(long maxEventsPerUser, Duration idleUserTtl) {
        return EventStore.open(
                directory.resolve("state.db"),
                new StoreConfig(Durability.OFF, maxEventsPerUser, idleUserTtl),
                () -> now);
    }

    private static void append(EventStore store, String user, int from, int to) {
        store.append(IntStream.range(from, to)
                .mapToObj(i -> new Event(user, "i" + i, i, "e" + i))
                .toList());
    }

    private static List<Swept> sweep(EventStore store) {
        List<Swept> all = new ArrayList<>();
        long last = 0;
        while (last != Long.MAX_VALUE) {
            all.add(store.sweep(last, 2));
            last = all.getLast().last();
        }
        return all;
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = Database.of(directory.resolve("state.db")).connect()) {
            return Schema.number(connection, "SELECT count(*) FROM " + table);
        }
    }

    @Test
    void keepsTheLastEventsAndAtMostAnEighthMore() throws SQLException {
        for (int most : new int[] {1, 7, 8, 40}) {
            String user = "user " + most;
            try (EventStore store = open(most, Duration.ZERO)) {
                for (int n = 1; n <= 3 * most + 5; n++) {
                    append(store, user, n - 1, n);
                    List<StoredEvent> kept = store.events(user);
                    assertThat(kept.getLast().position()).isEqualTo(n - 1);
                    assertThat(kept).hasSizeBetween(Math.min(n, most), most + Math.max(1, most / 8) - 1);
                    assertThat(kept.getFirst().position()).isEqualTo(store.firstKept(n));
                    assertThat(kept.getFirst().eventId()).isEqualTo("e" + store.firstKept(n));
                    assertThat(store.history(user).orElseThrow().first()).isEqualTo(store.firstKept(n));
                }
                assertThat(store.statistics().events()).isEqualTo(rows("event")).isEqualTo(rows("event_id"));
                assertThat(store.append(List.of(new Event(user, "i", 0, "e" + (3 * most + 4))))
                                .getFirst()
                                .duplicate())
                        .as("an event that is kept")
                        .isTrue();
                assertThat(store.append(List.of(new Event(user, "i", 0, "e0")))
                                .getFirst()
                                .duplicate())
                        .as("an event that is not")
                        .isFalse();
            }
        }
    }

    @Test
    void manyEventsInOneCallAreTrimmedToo() {
        try (EventStore store = open(16, Duration.ZERO)) {
            append(store, "anna", 0, 1000);
            assertThat(store.events("anna")).hasSizeBetween(16, 17);
            assertThat(store.statistics().events())
                    .isEqualTo(store.events("anna").size());
            assertThat(store.history("anna").orElseThrow().next()).isEqualTo(1000);
        }
    }

    @Test
    void smallerMaximumHoldsAtOnceAndIsSweptInTheBackground() throws SQLException {
        try (EventStore store = open(0, Duration.ZERO)) {
            for (int user = 0; user < 5; user++) {
                append(store, "user " + user, 0, 10 * user);
            }
            append(store, "user 0", 0, 1);
        }
        try (EventStore store = open(16, Duration.ZERO)) {
            List<StoredEvent> kept = store.events("user 4");
            assertThat(kept).hasSizeBetween(16, 17);
            assertThat(rows("event")).isEqualTo(101);
            List<Swept> swept = sweep(store);
            assertThat(swept).hasSizeGreaterThanOrEqualTo(3);
            assertThat(swept.stream().mapToLong(Swept::removedEvents).sum()).isEqualTo(101 - rows("event"));
            assertThat(rows("event"))
                    .isEqualTo(rows("event_id"))
                    .isEqualTo(store.statistics().events());
            assertThat(store.events("user 4")).isEqualTo(kept);
            assertThat(store.events("user 1")).hasSize(10);
            assertThat(sweep(store)).allMatch(slice -> slice.removedEvents() == 0);
        }
    }

    @Test
    void idleUsersAreForgottenUnlessTheyComeBack() throws SQLException {
        try (EventStore store = open(0, Duration.ofHours(24))) {
            for (int user = 0; user < 5; user++) {
                append(store, "user " + user, 0, 3);
            }
            now = now.plus(Duration.ofHours(24));
            append(store, "user 3", 3, 4);
            assertThat(sweep(store)).allMatch(slice -> slice.forgotten().isEmpty());
            now = now.plus(Duration.ofHours(1));
            assertThat(sweep(store).stream().flatMap(slice -> slice.forgotten().stream()))
                    .containsExactlyInAnyOrder("user 0", "user 1", "user 2", "user 4");
            assertThat(rows("event")).isEqualTo(4);
            assertThat(rows("event_id")).isEqualTo(4);
            assertThat(store.statistics().users()).isEqualTo(rows("user")).isEqualTo(1);
            assertThat(store.history("user 3").orElseThrow().items()).hasSize(4);
            assertThat(store.history("user 0")).isEmpty();
        }
    }

    @Test
    void userWhoComesBackBetweenLookingAndForgettingStays() {
        try (EventStore store = open(0, Duration.ofHours(1))) {
            append(store, "anna", 0, 1);
            now = now.plus(Duration.ofHours(9));
            boolean forgotten = store.run(writer -> {
                writer.append(new Event("anna", "i", 0, null));
                return writer.forgetIdle("anna");
            });
            assertThat(forgotten).isFalse();
            assertThat(store.history("anna").orElseThrow().items()).hasSize(2);
        }
    }

    /**
     * A jump of the clock must not delete all users: more than a tenth of them are only forgotten if that is allowed.
     */
    @Test
    void manyIdleUsersAtOnceAreHeldBack() throws SQLException {
        try (EventStore store = open(0, Duration.ofHours(24))) {
            for (int user = 0; user < 200; user++) {
                append(store, "user " + user, 0, 1);
            }
            now = now.plus(Duration.ofDays(900));
            assertThat(sweep(store)).allMatch(slice -> slice.forgotten().isEmpty());
            assertThat(store.heldBack()).isEqualTo(200);
            assertThat(rows("user")).isEqualTo(200);
        }
        StoreConfig allowed = new StoreConfig(Durability.OFF, 0, Duration.ofHours(24), 100);
        try (EventStore store = EventStore.open(directory.resolve("state.db"), allowed, () -> now)) {
            sweep(store);
            assertThat(store.heldBack()).isZero();
            assertThat(rows("user")).isZero();
        }
    }

    @Test
    void clockIsFollowedOnlyAsFarAsTimeHasPassed() {
        Instant start = now;
        long[] nanos = {0};
        SteadyClock clock = new SteadyClock(() -> now, () -> nanos[0]);
        nanos[0] = Duration.ofMinutes(10).toNanos();
        now = start.plus(Duration.ofMinutes(11)); // The clock follows drifts and small corrections.
        assertThat(clock.instant()).isEqualTo(now);
        now = start.plus(Duration.ofDays(400));
        assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofMinutes(10)));
        now = start.minus(Duration.ofDays(400));
        assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofMinutes(10)));
    }

    @Test
    void impossibleSettingsAreNamed() {
        assertThatThrownBy(() -> new StoreConfig(Durability.FULL, -1, Duration.ZERO))
                .hasMessageContaining("max_events_per_user");
        assertThatThrownBy(() -> new StoreConfig(Durability.FULL, 0, Duration.ofMinutes(5)))
                .hasMessageContaining("idle_user_ttl");
    }
}
