package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a damaged store is refused with one line that names it, and is not changed. */
class StoreDamageTest {
    private static final long SEED = 20_251_125;
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("state.db");
    }

    private EventStore open() {
        return EventStore.open(file, StoreConfig.defaults());
    }

    /** Creates a store of a few hundred pages and returns its bytes. */
    private byte[] filled() throws IOException {
        try (EventStore store = open()) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 8000; i++) {
                events.add(new Event("user " + i % 400, "item " + i % 91, i, "event number " + i));
            }
            store.append(events);
        }
        return Files.readAllBytes(file);
    }

    private void assertRefused(String because) {
        assertRefused(this::open, because);
    }

    private void assertRefused(ThrowingCallable opening, String because) {
        assertThatThrownBy(opening)
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageMatching("[^\\n]*" + because + "[^\\n]*");
    }

    @Test
    void damagedTypeIsFoundAndSavingKeepsItsEvent() throws Exception {
        try (EventStore store = open()) {
            store.append(List.of(
                    new Event("anna", "a", 1, null, new EventType("rating", 4)),
                    new Event("anna", "b", 2, null, EventType.of("buy"))));
        }
        try (Connection connection = Database.of(file).connect()) {
            Schema.execute(connection, "UPDATE event_type SET value = 5 WHERE position = 0");
        }
        assertThat(StoreCheck.of(file).check().findings())
                .containsExactly("the type of an event of user number 1 does not match its checksum");
        try (EventStore store = open()) {
            assertThatThrownBy(() -> store.history("anna")).isInstanceOf(DamagedUserException.class);
        }
        Path saved = directory.resolve("saved.db");
        StoreCheck.of(file).saveTo(saved);
        try (EventStore store = EventStore.open(saved, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::type)
                    .containsExactly(EventType.NONE, EventType.of("buy"));
        }
    }

    @Test
    void foreignFiles() throws Exception {
        for (String text : List.of("", "user,item,time\nu,i,1\n", "x".repeat(100_000))) {
            Files.writeString(file, text);
            assertRefused("is no event store");
            assertThat(file).as("left as it was").hasContent(text);
        }
        Files.delete(file);
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT)");
        }
        byte[] before = Files.readAllBytes(file);
        assertRefused("is no event store, but an SQLite file of another program");
        assertThat(file).hasBinaryContent(before);
        assertRefused(() -> EventStore.backup(file, directory.resolve("copy.db")), "of another program");
        Files.delete(file);
        Files.createDirectory(file);
        assertRefused("is a directory");
    }

    @Test
    void placesWhereNoStoreCanBe() throws IOException {
        file = directory.resolve("none").resolve("state.db");
        assertRefused("no such directory");
        file = directory.resolve("what?.db");
        assertRefused("question mark");
        file = directory.resolve("state.db");
        Files.writeString(directory.resolve("state.db-wal"), "the log of a store that somebody took away");
        assertRefused("is missing, but its log");
    }

    @Test
    void versionsThatNoProgramWrote() throws Exception {
        open().close();
        for (int version : new int[] {0, -1}) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = " + version);
            }
            assertRefused("is damaged \\(its version is " + version + "\\): replace it by a backup");
            assertRefused(() -> EventStore.backup(file, directory.resolve("copy.db")), "its version is");
        }
    }

    @Test
    void newerVersions() throws Exception {
        open().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + (Schema.MIGRATIONS.size() + 1));
        }
        assertRefused("was written by a newer version of ttt4rec");
        assertRefused(() -> EventStore.backup(file, directory.resolve("copy.db")), "newer version");
    }

    @Test
    void truncatedFiles() throws IOException {
        byte[] whole = filled();
        assertThat(whole.length).isGreaterThan(50 * PAGE);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 40; round++) {
            int length = round < 8 ? whole.length - 1 - round * PAGE : 1 + random.nextInt(whole.length - 1);
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused("(is damaged|is no event store).*");
        }
        Files.write(file, whole);
        open().close();
    }

    @Test
    void pagesOfNoise() throws IOException {
        byte[] whole = filled();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 60; round++) {
            int page = random.nextInt(whole.length / PAGE);
            byte[] noise = new byte[PAGE];
            random.nextBytes(noise);
            byte[] bent = whole.clone();
            System.arraycopy(noise, 0, bent, page * PAGE, PAGE);
            Files.write(file, bent);
            assertRefused("(is damaged|is no event store).*");
        }
    }

    /** Damage that is found only while serving makes that request fail with the reason, and no other. */
    @Test
    void missingEventIsNotPassedOver() throws SQLException {
        try (EventStore store = open()) {
            for (int i = 0; i < 5; i++) {
                store.append(List.of(new Event("anna", "i", 0, null), new Event("ben", "i", 0, null)));
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "DELETE FROM event WHERE position = 2 AND user = (SELECT id FROM user WHERE name = 'anna')");
        }
        try (EventStore store = open()) {
            assertThatThrownBy(() -> store.history("anna"))
                    .isInstanceOf(DamagedUserException.class)
                    .hasMessageContaining("an event of user number 1 is missing");
            assertThat(store.history("ben").orElseThrow().items()).hasSize(5);
        }
    }
}
