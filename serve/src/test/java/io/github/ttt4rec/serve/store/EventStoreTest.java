package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
    @TempDir
    private Path directory;

    private Path file;
    private EventStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("state.db");
        store = open(StoreConfig.defaults());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private EventStore open(StoreConfig config) {
        return EventStore.open(file, config);
    }

    private static Event event(String user, String item, String id) {
        return new Event(user, item, 1_700_000_000_000_000L, id);
    }

    private Appended append(String user, String item, String id) {
        return store.append(List.of(event(user, item, id))).getFirst();
    }

    @Test
    void typesAndValuesStayWithTheirEventsUntilTheseAreRemoved() {
        Event buy = new Event("anna", "a", 1, "e1", EventType.of("buy"));
        Event rating = new Event("anna", "b", 2, null, new EventType("rating", -2.5));
        store.append(List.of(buy, rating, event("anna", "c", null), new Event("ben", "a", 3, null, buy.type())));
        for (int round = 0; round < 2; round++) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::type)
                    .containsExactly(buy.type(), rating.type(), EventType.NONE);
            assertThat(store.history("anna").orElseThrow().types())
                    .containsExactly(buy.type(), rating.type(), EventType.NONE);
            store.close();
            store = open(StoreConfig.defaults());
        }
        try (StoreLog log = store.log()) {
            assertThat(log.hasTypes()).isTrue();
            assertThat(log).extracting(LoggedEvent::type).contains(buy.type(), rating.type(), EventType.NONE);
        }
        store.forget("anna");
        store.forget("ben");
        try (StoreLog log = store.log()) {
            assertThat(log.hasTypes()).isFalse();
        }
    }

    @Test
    void keepsEachUsersEventsInOrder() {
        assertThat(append("anna", "a", "1").position()).isZero();
        assertThat(append("ben", "b", "1").position()).isZero();
        List<Appended> more = store.append(
                List.of(event("anna", "b", "2"), event("ben", "a", null), new Event("anna", "a", -5, null)));
        assertThat(more).extracting(Appended::position).containsExactly(1L, 1L, 2L);
        assertThat(more).extracting(Appended::eventId).containsExactly("2", "auto-1", "auto-2");
        for (int round = 0; round < 2; round++) {
            assertThat(store.events("anna"))
                    .containsExactly(
                            new StoredEvent(0, "a", 1_700_000_000_000_000L, "1"),
                            new StoredEvent(1, "b", 1_700_000_000_000_000L, "2"),
                            new StoredEvent(2, "a", -5, "auto-2"));
            assertThat(store.history("ben")).hasValueSatisfying(history -> {
                assertThat(history.items()).containsExactly("b", "a");
                assertThat(history.first()).isZero();
                assertThat(history.next()).isEqualTo(2);
            });
            assertThat(store.history("nobody")).isEmpty();
            assertThat(store.events("nobody")).isEmpty();
            assertThat(store.statistics().users()).isEqualTo(2);
            assertThat(store.statistics().events()).isEqualTo(5);
            store.close();
            store = open(StoreConfig.defaults());
        }
    }

    @Test
    void eventIdCountsOncePerUser() {
        append("anna", "a", "x");
        append("anna", "b", null);
        assertThat(append("anna", "other", "x")).isEqualTo(new Appended(1, 0, "x", true));
        assertThat(append("ben", "a", "x").duplicate()).as("another user").isFalse();
        List<Appended> once = store.append(List.of(event("anna", "c", "y"), event("anna", "d", "y")));
        assertThat(once).extracting(Appended::duplicate).containsExactly(false, true);
        assertThat(once).extracting(Appended::position).containsExactly(2L, 2L);
        assertThat(store.history("anna").orElseThrow().items()).containsExactly("a", "b", "c");
        assertThat(store.statistics().duplicates()).isEqualTo(2);
    }

    @Test
    void idsAreData() {
        List<String> ids = List.of(
                "a",
                "A",
                "a\0",
                "a\0b",
                " a",
                "'; DROP TABLE event; --",
                "\"",
                "%",
                "line\nbreak",
                "naïve",
                "nai\u0308ve",
                "日本",
                "😀",
                "\uFFFD",
                "../../etc/passwd",
                "1",
                "01",
                "x".repeat(Ids.MAX_LENGTH));
        for (String id : ids) {
            append(id, id, id);
        }
        store.close();
        store = open(StoreConfig.defaults());
        for (String id : ids) {
            assertThat(store.events(id)).containsExactly(new StoredEvent(0, id, 1_700_000_000_000_000L, id));
            assertThat(append(id, "again", id).duplicate()).isTrue();
        }
        assertThat(store.statistics().users()).isEqualTo(ids.size());
    }

    @Test
    void invalidIdIsRefusedAndFindsNoUser() {
        append("a?", "i", null);
        append("a\uFFFD", "i", null);
        for (String bad : List.of("", "x".repeat(Ids.MAX_LENGTH + 1), "a\uD83D", "a\uDE00", "\uDE00\uD83D")) {
            assertThatThrownBy(() -> event(bad, "i", null)).isInstanceOf(UserFacingException.class);
            assertThatThrownBy(() -> event("u", bad, null)).isInstanceOf(UserFacingException.class);
            assertThatThrownBy(() -> event("u", "i", bad)).isInstanceOf(UserFacingException.class);
            assertThatThrownBy(() -> store.deny(Set.of(bad))).isInstanceOf(UserFacingException.class);
            assertThat(store.history(bad)).isEmpty();
            assertThat(store.events(bad)).isEmpty();
            assertThat(store.forget(bad)).isFalse();
        }
        assertThatThrownBy(() -> event("u", "i", "auto-12"))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("reserved for events without an event_id");
        assertThat(event("u", "i", "auto-x").eventId()).isEqualTo("auto-x");
    }

    @Test
    void forgottenUserIsGoneFromTheFileAndStartsAnew() throws IOException {
        for (int i = 0; i < 200; i++) {
            append("secret-name", "i" + i % 7, "secret-event-" + i);
            append("ben", "i" + i % 7, null);
        }
        long before = append("secret-name", "a", null).user();
        assertThat(store.forget("secret-name")).isTrue();
        assertThat(store.forget("secret-name")).isFalse();
        assertThat(store.history("secret-name")).isEmpty();
        assertThat(store.statistics().users()).isEqualTo(1);
        assertThat(store.statistics().events()).isEqualTo(200);
        store.close();
        try (var files = Files.list(directory)) {
            for (Path path : files.toList()) {
                assertThat(Files.readString(path, StandardCharsets.ISO_8859_1))
                        .as("%s", path)
                        .doesNotContain("secret");
            }
        }
        store = open(StoreConfig.defaults());
        Appended again = append("secret-name", "a", "secret-event-3");
        assertThat(again.duplicate()).isFalse();
        assertThat(again.position()).isZero();
        assertThat(again.user()).isGreaterThan(before);
        assertThat(store.history("ben").orElseThrow().next()).isEqualTo(200);
    }

    @Test
    void keepsWhatIsSaidOfItems() {
        store.setAvailability("a", false);
        store.setAvailability("b", false);
        store.setAvailability("b", false);
        store.setAvailability("a", true);
        store.setAvailability("c", true);
        store.deny(Set.of("x", "y"));
        store.deny(Set.of("y", "z"));
        store.add(new AddedItem("new", List.of("a", "b", "a")));
        store.add(new AddedItem("newer", List.of("new")));
        store.add(new AddedItem("new", List.of("b")));
        store.close();
        store = open(StoreConfig.defaults());
        assertThat(store.unavailable()).containsExactly("b");
        assertThat(store.denied()).containsExactlyInAnyOrder("y", "z");
        assertThat(store.addedItems())
                .containsExactly(new AddedItem("newer", List.of("new")), new AddedItem("new", List.of("b")));
    }

    @Test
    void allEventsOfACallAreStoredOrNone() {
        append("anna", "a", "1");
        assertThatThrownBy(() -> store.run(writer -> {
                    writer.append(event("anna", "b", "2"));
                    writer.append(event("ben", "b", "2"));
                    throw new IllegalStateException("half way");
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("half way");
        assertThat(store.history("anna").orElseThrow().items()).containsExactly("a");
        assertThat(store.history("ben")).isEmpty();
        assertThat(store.statistics().events()).isEqualTo(1);
        assertThat(append("anna", "c", "2")).isEqualTo(new Appended(1, 1, "2", false));
    }

    @Test
    void failureOfOneRequestDoesNotFailOthers() throws InterruptedException {
        Set<Long> positions = ConcurrentHashMap.newKeySet();
        Set<String> failures = ConcurrentHashMap.newKeySet();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int number = i;
                clients.execute(() -> {
                    if (number % 3 == 0) {
                        try {
                            store.run(writer -> {
                                writer.append(event("anna", "bad", null));
                                throw new IllegalStateException("on purpose");
                            });
                        } catch (StoreException expected) {
                            failures.add(number + " " + expected.getMessage());
                        }
                    } else {
                        positions.add(append("anna", "good", "e" + number).position());
                    }
                });
            }
        }
        assertThat(failures).hasSize(100);
        assertThat(positions).isEqualTo(LongStream.range(0, 200).boxed().collect(Collectors.toSet()));
        assertThat(store.history("anna").orElseThrow().items()).hasSize(200).containsOnly("good");
    }

    @Test
    void callsThatComeTogetherShareACommit() {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2000; i++) {
                int number = i;
                clients.execute(() -> append("u" + number % 50, "i" + number % 10, "e" + number));
            }
        }
        StoreStatistics statistics = store.statistics();
        assertThat(statistics.accepted()).isEqualTo(2000);
        assertThat(statistics.commits()).isBetween(1L, 1000L);
        for (int user = 0; user < 50; user++) {
            assertThat(store.events("u" + user))
                    .hasSize(40)
                    .extracting(StoredEvent::eventId)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void readsDoNotWaitForAWrite() throws Exception {
        append("anna", "a", null);
        Object read = store.run(writer -> {
            writer.append(event("anna", "b", null));
            try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                return other.submit(() -> store.history("anna").orElseThrow().items())
                        .get();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        assertThat(read).as("what was committed by then").isEqualTo(List.of("a"));
        assertThat(store.history("anna").orElseThrow().items()).containsExactly("a", "b");
    }

    @Test
    void fullDiskIsReportedAndTheStoreRecovers() {
        append("anna", "a", "0");
        List<Event> many = IntStream.range(0, 5000)
                .mapToObj(i -> event("user " + i, "item " + i, "event " + i))
                .toList();
        assertThatThrownBy(() -> store.run(writer -> {
                    writer.limitPages(20);
                    for (Event event : many) {
                        writer.append(event);
                    }
                    return true;
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("the disk is full");
        assertThat(store.statistics().events()).isEqualTo(1);
        assertThat(append("anna", "b", "1")).isEqualTo(new Appended(1, 1, "1", false));
        assertThat(store.append(many)).noneMatch(Appended::duplicate);
        assertThat(store.statistics().events()).isEqualTo(5002);
    }

    @Test
    void closedStoreReportsThatItIsClosed() {
        store.close();
        store.close();
        assertThatThrownBy(() -> append("anna", "a", null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.history("anna"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void eventsSubmittedBeforeClosingAreStored() {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                clients.execute(() -> {
                    try {
                        acknowledged.add(append("anna", "a", "e" + number).eventId());
                    } catch (StoreException closed) {
                        assertThat(closed).hasMessageContaining("closed");
                    }
                });
            }
            while (acknowledged.size() < 20) {
                Thread.onSpinWait();
            }
            store.close();
        }
        store = open(StoreConfig.defaults());
        assertThat(store.events("anna"))
                .extracting(StoredEvent::eventId)
                .containsExactlyInAnyOrderElementsOf(acknowledged);
    }

    @Test
    void cleanEndLeavesOneFile() throws IOException {
        append("anna", "a", null);
        store.history("anna");
        store.close();
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("state.db", "state.db.lock");
        }
    }

    @Test
    void everyDurabilityKeepsEventsOverAReopening() {
        for (Durability durability : Durability.values()) {
            store.close();
            store = open(new StoreConfig(durability, 0, Duration.ZERO));
            append("anna", durability.name(), null);
        }
        assertThat(store.history("anna").orElseThrow().items()).containsExactly("FULL", "NORMAL", "OFF");
    }

    @Test
    void backupWhileWritingHoldsAMomentOfEveryUser() throws Exception {
        int users = 20;
        Set<String> before = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            append("u" + i % users, "i" + i / users, "e" + i);
            before.add("e" + i);
        }
        Path copy = directory.resolve("copy.db");
        Files.writeString(copy, "to be replaced");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < users; c++) {
                int user = c;
                clients.execute(() -> {
                    for (int i = 20; i < 120; i++) {
                        append("u" + user, "i" + i, "e" + (i * users + user));
                    }
                });
            }
            store.backup(copy);
        }
        try (EventStore restored = EventStore.open(copy, StoreConfig.defaults())) {
            Set<String> copied = new HashSet<>();
            for (int user = 0; user < users; user++) {
                List<StoredEvent> all = store.events("u" + user);
                List<StoredEvent> some = restored.events("u" + user);
                assertThat(all).hasSize(120);
                assertThat(some).isEqualTo(all.subList(0, some.size()));
                some.forEach(event -> copied.add(event.eventId()));
            }
            assertThat(copied).containsAll(before);
            assertThat(restored.append(List.of(event("u0", "x", "new")))
                            .getFirst()
                            .position())
                    .isEqualTo(restored.events("u0").size() - 1);
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".backup"));
        }
    }

    @Test
    void backupOfAStoreInUseNeedsNoLock() {
        append("anna", "a", "1");
        Path copy = directory.resolve("copy.db");
        StoreCopy told = EventStore.backup(file, copy);
        assertThat(told.users()).isEqualTo(1);
        assertThat(told.events()).isEqualTo(1);
        assertThat(copy).hasSize(told.bytes());
        append("anna", "b", "2");
        try (EventStore restored = EventStore.open(copy, StoreConfig.defaults())) {
            assertThat(restored.history("anna").orElseThrow().items()).containsExactly("a");
        }
        assertThatThrownBy(() -> store.backup(file)).hasMessageContaining("is the store itself");
        assertThatThrownBy(() -> store.backup(directory.resolve("none/copy.db")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no such directory");
        assertThatThrownBy(() -> EventStore.backup(directory.resolve("none.db"), copy))
                .hasMessageContaining("there is no such file");
    }

    @Test
    void oneProcessAtATime() throws Exception {
        assertThatThrownBy(() -> open(StoreConfig.defaults()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("is in use by this process");
        append("anna", "a", null);
        assertThat(ChildProcess.run(directory, OpeningChild.class, file.toString()))
                .contains("state.db: is in use by process "
                        + ProcessHandle.current().pid());
        assertThat(append("anna", "b", null).position())
                .as("the lock is still ours")
                .isEqualTo(1);
        store.close();
        assertThat(ChildProcess.run(directory, OpeningChild.class, file.toString()))
                .contains("opened");
        store = open(StoreConfig.defaults());
        assertThat(new ArrayList<>(store.history("anna").orElseThrow().items())).containsExactly("a", "b");
    }
}
