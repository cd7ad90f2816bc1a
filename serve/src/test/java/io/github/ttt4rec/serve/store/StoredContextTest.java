package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The context of events in a store: kept and removed with its event, and checked by a sum of its own. */
class StoredContextTest {
    private static final EventContext GERMAN = EventContext.of(Map.of("country", "DE", "referrer_item", "a \"b\"\n"));

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("events.db");
    }

    private static Event event(String item, EventContext context) {
        return new Event("anna", item, 1_700_000_000_000_000L, null, EventType.NONE, context);
    }

    private void fill() {
        try (EventStore store = EventStore.open(file(), StoreConfig.defaults())) {
            store.append(List.of(
                    event("i1", GERMAN),
                    event("i2", EventContext.NONE),
                    event("i3", EventContext.of(Map.of("a", "b")))));
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = Database.of(file()).connect()) {
            Schema.execute(connection, sql);
        }
    }

    @Test
    void contextIsReadAfterARestart() {
        fill();
        try (EventStore store = EventStore.open(file(), StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::context)
                    .containsExactly(GERMAN, EventContext.NONE, EventContext.of(Map.of("a", "b")));
            assertThat(store.usersWithContexts()).containsExactly("anna");
            ContextEvents some = store.contextEvents("anna").orElseThrow();
            assertThat(some.events()).extracting(StoredEvent::position).containsExactly(0L, 2L);
            store.forget("anna");
            assertThat(store.usersWithContexts()).isEmpty();
            assertThat(store.contextEvents("anna")).isEmpty();
        }
        try (StoreLog log = StoreLog.open(file())) {
            assertThat(log.contextNames()).isEmpty();
        }
    }

    @Test
    void contextIsRemovedWithItsEvent() {
        StoreConfig two = new StoreConfig(Durability.OFF, 2, Duration.ZERO);
        try (EventStore store = EventStore.open(file(), two)) {
            for (int i = 0; i < 50; i++) {
                store.append(List.of(event("i" + i, EventContext.of(Map.of("n", "v" + i)))));
            }
            store.sweep(0, 100);
            assertThat(store.contextEvents("anna").orElseThrow().events())
                    .extracting(StoredEvent::item)
                    .containsExactly("i48", "i49");
            long rows = store.run(writer -> {
                try (Connection connection = Database.of(file()).connect()) {
                    return Schema.number(connection, "SELECT count(*) FROM event_context");
                }
            });
            assertThat(rows).isEqualTo(2);
        }
    }

    @Test
    void damagedContextIsFoundAndItsEventIsSavedWithoutIt() throws Exception {
        fill();
        assertThat(StoreCheck.of(file()).check().findings()).isEmpty();
        execute("UPDATE event_context SET context = replace(context, 'DE', 'DF') WHERE position = 0");
        assertThat(StoreCheck.of(file()).check().findings())
                .containsExactly("the context of an event of user number 1 does not match its checksum");
        try (EventStore store = EventStore.open(file(), StoreConfig.defaults())) {
            assertThatThrownBy(() -> store.events("anna"))
                    .isInstanceOf(DamagedUserException.class)
                    .hasMessageContaining("the context of event 0 of user number 1");
        }
        Path saved = directory.resolve("saved.db");
        assertThat(StoreCheck.of(file()).saveTo(saved).events()).isEqualTo(3);
        try (EventStore store = EventStore.open(saved, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::context)
                    .containsExactly(EventContext.NONE, EventContext.NONE, EventContext.of(Map.of("a", "b")));
        }
    }

    @Test
    void storeOfTheVersionBeforeIsReadAndUpgraded() throws Exception {
        fill();
        execute("DROP TABLE event_context");
        execute("PRAGMA user_version = " + (Schema.MIGRATIONS.size() - 1));
        try (StoreLog log = StoreLog.open(file())) {
            assertThat(log).extracting(LoggedEvent::context).containsOnly(EventContext.NONE);
            assertThat(log.contextNames()).isEmpty();
        }
        try (EventStore store = EventStore.open(file(), StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .hasSize(3)
                    .extracting(StoredEvent::context)
                    .containsOnly(EventContext.NONE);
            store.append(List.of(event("i4", GERMAN)));
            assertThat(store.events("anna").getLast().context()).isEqualTo(GERMAN);
        }
    }

    @Test
    void contextIsLimited() {
        TreeMap<String, String> many = new TreeMap<>();
        for (int i = 0; i <= EventContext.MAX_NAMES; i++) {
            many.put("n" + i, "v");
        }
        assertThatThrownBy(() -> EventContext.of(many))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("context: has 9 names, and 8 are allowed");
        assertThat(EventContext.of(Map.of("referrer_item", "x".repeat(Ids.MAX_LENGTH)))
                        .counted())
                .isEmpty();
        assertThatThrownBy(() -> EventContext.of(Map.of("a", "x".repeat(EventContext.MAX_VALUE + 1))))
                .hasMessageStartingWith("context.a: must have 1 to 128 characters");
    }
}
