package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the commands that maintain an event store. */
class CheckAndForgetTest {
    @TempDir
    private Path directory;

    @Test
    void damageIsFoundAndTheRestSavedAndAUserForgotten() throws Exception {
        Path state = directory.resolve("state.db");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(List.of(new Event("anna", "a", 0, "1"), new Event("anna", "b", 0, "2")));
            store.append(List.of(new Event("ben", "a", 0, "1")));
        }
        Run sound = Run.of("check", "--state", state.toString());
        assertThat(sound.exitCode()).isZero();
        assertThat(sound.out()).contains("state.db: sound, 3 events of 2 users");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE event SET time = 1 WHERE user = 1 AND position = 1");
        }
        Path saved = directory.resolve("saved.db");
        Run damaged = Run.of("check", "--state", state.toString(), "--save", saved.toString());
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.out())
                .contains("user number 1", "state.db: is damaged", "2 events of 2 users saved; 1 events and 0 users");
        Run forgotten = Run.of("forget", "--state", saved.toString(), "--user", "anna");
        assertThat(forgotten.exitCode()).isZero();
        assertThat(Run.of("forget", "--state", saved.toString(), "--user", "anna")
                        .err())
                .contains("saved.db: holds no events of this user");
        assertThat(Run.of("check", "--state", saved.toString()).out()).contains("sound, 1 events of 1 users");
    }
}
