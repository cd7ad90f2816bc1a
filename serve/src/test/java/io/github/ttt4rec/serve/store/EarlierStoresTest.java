package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ttt4rec.data.EventTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that stores of earlier versions of the server are read completely. */
class EarlierStoresTest {
    @TempDir
    private Path directory;

    @Test
    void storeOfVersion1IsRead() throws Exception {
        Path file = Files.copy(Path.of("src/test/resources/saved/events-v1.db"), directory.resolve("events.db"));
        try (EventStore store = EventStore.open(file, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::position, StoredEvent::item, StoredEvent::eventId)
                    .containsExactly(tuple(0L, "i3", "e1"), tuple(1L, "i4", "e2"), tuple(2L, "i5", "e3"));
            assertThat(store.events("anna").get(1).timeMicros())
                    .isEqualTo(EventTime.micros(Instant.parse("2026-01-02T03:04:06.789Z")));
            assertThat(store.events("bob")).extracting(StoredEvent::item).containsExactly("i9", "new-one");
            assertThat(store.denied()).containsExactly("i7");
            assertThat(store.unavailable()).containsExactly("i8");
            assertThat(store.addedItems()).containsExactly(new AddedItem("added", List.of("i3", "i4")));
            Appended again =
                    store.append(List.of(new Event("anna", "i5", 1, "e3"))).getFirst();
            assertThat(again.duplicate()).isTrue();
        }
    }

    private static final List<Instant> TIMES = List.of(
            Instant.parse("2026-01-02T03:04:05.678Z"),
            Instant.parse("2026-01-02T03:04:06.789Z"),
            Instant.parse("1969-12-31T23:59:59.001Z"));

    private Path version2() throws IOException {
        return Files.copy(Path.of("src/test/resources/saved/events-v2.db"), directory.resolve("events.db"));
    }

    @Test
    void storeOfVersion2KeepsItsTimesInMicrosecondsAndItsSums() throws Exception {
        Path file = version2();
        try (EventStore store = EventStore.open(file, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(event -> EventTime.instant(event.timeMicros()))
                    .isEqualTo(TIMES);
            assertThat(store.events("bob"))
                    .extracting(event -> EventTime.instant(event.timeMicros()))
                    .containsExactly(Instant.parse("2026-01-03T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999Z"));
            store.append(List.of(
                    new Event("bob", "i3", EventTime.micros(Instant.parse("2026-01-03T00:00:00.000001Z")), null)));
            assertThat(store.events("bob").getLast().timeMicros()).isEqualTo(1_767_398_400_000_001L);
        }
        StoreCheck.Report report = StoreCheck.of(file).check();
        assertThat(report.findings()).isEmpty();
        assertThat(report.events()).isEqualTo(6);
    }

    @Test
    void eventThatWasDamagedBeforeTheStoreWasBroughtUpToDateStaysDamaged() throws Exception {
        Path file = version2();
        try (Connection connection = Database.of(file).connect()) {
            Schema.execute(connection, "UPDATE event SET time = time + 1 WHERE user = 1 AND position = 1");
        }
        assertThat(StoreCheck.of(file).check().findings())
                .singleElement()
                .asString()
                .contains("event of user number 1 is missing or does not match its checksum");
    }

    @Test
    void logOfAnEarlierStoreIsReadWithItsTimesAndLeftAsItIs() throws Exception {
        Path file = version2();
        byte[] before = Files.readAllBytes(file);
        try (StoreLog log = StoreLog.open(file, Instant.parse("2026-01-02T03:04:05.678001Z"))) {
            assertThat(log)
                    .extracting(LoggedEvent::user, LoggedEvent::time)
                    .containsExactly(
                            tuple("anna", TIMES.get(1)),
                            tuple("bob", Instant.parse("2026-01-03T00:00:00Z")),
                            tuple("bob", Instant.parse("9999-12-31T23:59:59.999Z")));
            assertThat(log.backwards(Instant.parse("2026-01-02T03:04:06.789Z"))).isOne();
        }
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void repairOfAnEarlierStoreKeepsItsTimes() throws Exception {
        Path saved = directory.resolve("saved.db");
        StoreCheck.Repaired repaired = StoreCheck.of(version2()).saveTo(saved);
        assertThat(repaired.events()).isEqualTo(5);
        try (EventStore store = EventStore.open(saved, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(event -> EventTime.instant(event.timeMicros()))
                    .isEqualTo(TIMES);
        }
    }

    @Test
    void eventsOfALogPairOnceWithThoseOfTheStore() {
        Twins twins = new Twins();
        twins.add("anna", "a", 1_767_323_045_678_000L);
        twins.add("anna", "a", 1_767_323_045_678_901L);
        assertThat(twins.take("anna", "a", 1_767_323_045_678_902L))
                .as("the store may have cut it to the millisecond")
                .isTrue();
        assertThat(twins.take("anna", "a", 1_767_323_045_678_902L)).isFalse();
        assertThat(twins.take("anna", "b", 1_767_323_045_678_901L)).isFalse();
        assertThat(twins.take("anna", "a", 1_767_323_045_678_901L)).isTrue();
        assertThat(twins.take("anna", "a", 1_767_323_045_678_901L)).isFalse();
    }
}
