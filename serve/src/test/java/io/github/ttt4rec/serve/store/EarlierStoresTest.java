package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event stores written by earlier versions of the server are read, with all that they hold. */
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
            assertThat(store.events("anna").get(1).timeMillis())
                    .isEqualTo(Instant.parse("2026-01-02T03:04:06.789Z").toEpochMilli());
            assertThat(store.events("bob")).extracting(StoredEvent::item).containsExactly("i9", "new-one");
            assertThat(store.denied()).containsExactly("i7");
            assertThat(store.unavailable()).containsExactly("i8");
            assertThat(store.addedItems()).containsExactly(new AddedItem("added", List.of("i3", "i4")));
            Appended again =
                    store.append(List.of(new Event("anna", "i5", 1, "e3"))).getFirst();
            assertThat(again.duplicate()).isTrue();
        }
    }
}
