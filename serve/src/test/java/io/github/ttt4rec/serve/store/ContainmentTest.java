package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that damage to one user's records affects only that user, and that a process that has lost its store
 * acknowledges nothing.
 */
class ContainmentTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void fill() {
        file = directory.resolve("state.db");
        try (EventStore store = open()) {
            for (int i = 0; i < 5; i++) {
                store.append(
                        List.of(new Event("anna", "a" + i, i, "anna-" + i), new Event("ben", "b" + i, i, "ben-" + i)));
            }
        }
    }

    private EventStore open() {
        return EventStore.open(file, StoreConfig.defaults());
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM event WHERE position = 2 AND user = 1",
                "UPDATE event SET item = 2 WHERE position = 2 AND user = 1",
                "UPDATE event SET time = time + 256 WHERE position = 2 AND user = 1",
                "UPDATE event SET position = 9 WHERE position = 4 AND user = 1",
                "UPDATE item SET name = 'zz' WHERE name = 'a2'",
                "DELETE FROM item WHERE name = 'a2'",
            })
    void damageOfOneUserIsSeenAtTheStartAndConcernsNobodyElse(String damage) throws Exception {
        change(damage);
        try (EventStore store = open()) {
            assertThat(store.damagedUsers()).isEqualTo(1);
            assertThat(store.notes()).singleElement().asString().contains("events of 1 users are damaged");
            assertThatThrownBy(() -> store.history("anna")).isInstanceOf(DamagedUserException.class);
            assertThat(store.history("ben").orElseThrow().items()).hasSize(5);
            // The store keeps events that arrive meanwhile.
            store.append(List.of(new Event("anna", "later", 0, "later"), new Event("ben", "later", 0, "later")));
            assertThat(store.history("ben").orElseThrow().items()).hasSize(6);
            store.putItems(List.of(new StoredItem("a1", "{}")), Map.of("price", "number"));
            store.putScenario("home", "{}");
        }
        StoreCheck.Report report = StoreCheck.of(file).check();
        assertThat(report.isSound()).isFalse();
        Path repaired = directory.resolve("repaired.db");
        StoreCheck.Repaired saved = StoreCheck.of(file).saveTo(repaired);
        assertThat(saved.users()).isEqualTo(2);
        assertThat(saved.lostEvents()).isPositive();
        assertThat(saved.catalogue()).isTrue();
        assertThat(StoreCheck.of(repaired).check().isSound()).isTrue();
        try (EventStore store = EventStore.open(repaired, StoreConfig.defaults())) {
            assertThat(store.events("anna")).extracting(StoredEvent::eventId).contains("anna-0", "later");
            assertThat(store.events("ben"))
                    .extracting(StoredEvent::eventId)
                    .containsExactly("ben-0", "ben-1", "ben-2", "ben-3", "ben-4", "later");
            assertThat(store.items("", 9)).containsExactly(new StoredItem("a1", "{}"));
            assertThat(store.attributeTypes()).isEqualTo(Map.of("price", "number"));
            assertThat(store.scenarios()).isEqualTo(Map.of("home", "{}"));
        }
        // Forgetting the user ends the damage.
        try (EventStore store = open()) {
            assertThat(store.forget("anna")).isTrue();
            assertThat(store.damagedUsers()).isZero();
        }
    }

    @Test
    void damageThatHappensWhileTheServerRunsIsMetAndContained() throws SQLException {
        try (EventStore store = open()) {
            change("UPDATE event SET item = 2 WHERE position = 2 AND user = 1");
            assertThatThrownBy(() -> store.history("anna")).isInstanceOf(DamagedUserException.class);
            assertThat(store.damagedUsers()).isEqualTo(1);
            store.probe();
            change("UPDATE event_id SET position = 1 WHERE id = 'ben-2'");
            assertThat(store.history("ben"))
                    .as("the order does not need the ids")
                    .isPresent();
            assertThatThrownBy(() -> store.events("ben")).isInstanceOf(DamagedUserException.class);
        }
    }

    @Test
    void soundStoreIsSound() {
        StoreCheck.Report report = StoreCheck.of(file).check();
        assertThat(report).isEqualTo(new StoreCheck.Report(2, 10, List.of()));
        try (EventStore store = open()) {
            assertThat(store.notes()).isEmpty();
            assertThatThrownBy(() -> StoreCheck.of(file).check())
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("is in use by this process");
        }
    }

    private static void assertNothingIsAcknowledged(EventStore store) {
        assertThatThrownBy(() -> store.append(List.of(new Event("anna", "x", 0, "x"))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isLost()).isTrue());
        // Repeated, because the watchdog must keep learning that the store is lost, and not only that it fails.
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(store::probe)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.isLost()).isTrue());
        }
    }

    @Test
    void fileThatIsDeletedReplacedOrMovedUnderTheServerAcknowledgesNothing() throws IOException {
        Path copy = Files.copy(file, directory.resolve("copy.db"));
        try (EventStore store = open()) {
            store.append(List.of(new Event("anna", "x", 0, "before")));
            Files.move(file, directory.resolve("moved.db"));
            assertNothingIsAcknowledged(store);
            assertThat(file).as("no empty file in its place").doesNotExist();
            Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
            assertNothingIsAcknowledged(store);
        }
    }

    @Test
    void logThatIsDeletedUnderTheServerAcknowledgesNothing() throws IOException {
        try (EventStore store = open()) {
            store.append(List.of(new Event("anna", "x", 0, "before")));
            Files.delete(directory.resolve("state.db-wal"));
            assertNothingIsAcknowledged(store);
        }
    }

    @Test
    void secondNameOfTheFileIsRefused() throws IOException {
        Path second = directory.resolve("second.db");
        try (EventStore store = open()) {
            Files.createLink(second, file);
            assertThatThrownBy(() -> EventStore.open(second, StoreConfig.defaults()))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("second name (a hard link)");
            store.append(List.of(new Event("anna", "x", 0, "x")));
        }
        Files.delete(second);
        open().close();
    }

    /** Simulates a deleted lock file: the last process to open the store owns it. */
    @Test
    void storeThatAnotherHasTakenAcknowledgesNothing() throws Exception {
        try (EventStore store = open()) {
            change("UPDATE server SET owner = 4711");
            assertNothingIsAcknowledged(store);
        }
    }

    @Test
    void eventsThatAreMissingAtTheStartAreMentioned() throws Exception {
        byte[] early = Files.readAllBytes(file);
        try (EventStore store = open()) {
            store.append(List.of(new Event("anna", "x", 0, "x"), new Event("anna", "y", 0, "y")));
        }
        Files.write(file, early);
        try (EventStore store = open()) {
            assertThat(store.notes())
                    .singleElement()
                    .asString()
                    .contains("2 events that were accepted before are missing");
        }
        try (EventStore store = open()) {
            assertThat(store.notes()).as("said once").isEmpty();
        }
        Files.delete(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("it held 10 events: put it back");
    }
}
