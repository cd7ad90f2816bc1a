package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandTest {
    @TempDir
    private Path directory;

    @Test
    void copiesAStoreThatIsInUse() {
        Path state = directory.resolve("state.db");
        Path copy = directory.resolve("copy.db");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(List.of(new Event("anna", "a", 0, null), new Event("ben", "b", 0, null)));
            store.append(List.of(new Event("anna", "c", 0, null)));
            Run run = Run.of("backup", "--state", state.toString(), "--out", copy.toString())
                    .done();
            assertThat(run.out()).startsWith(copy + ": 3 events of 2 users, ").hasLineCount(1);
        }
        try (EventStore restored = EventStore.open(copy, StoreConfig.defaults())) {
            assertThat(restored.history("anna").orElseThrow().items()).containsExactly("a", "c");
        }
    }

    @Test
    void fileThatIsNoStoreIsNamedAndTheLastBackupStays() throws IOException {
        Path state = Files.writeString(directory.resolve("state.db"), "no store");
        Path copy = Files.writeString(directory.resolve("copy.db"), "the last backup");
        Run.of("backup", "--state", state.toString(), "--out", copy.toString())
                .failedSaying("state.db", "is no event store");
        Run.of("backup", "--state", directory.resolve("none.db").toString(), "--out", copy.toString())
                .failedSaying("none.db: there is no such file");
        assertThat(copy).hasContent("the last backup");
    }
}
