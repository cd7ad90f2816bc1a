package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    @TempDir
    private Path directory;

    private static List<List<String>> migrations(List<String> next) {
        List<List<String>> all = new ArrayList<>(Schema.MIGRATIONS);
        all.add(next);
        return all;
    }

    @Test
    void storeOfAnEarlierVersionIsBroughtUpToDate() throws SQLException {
        Path file = directory.resolve("state.db");
        try (EventStore store = EventStore.open(file, StoreConfig.defaults())) {
            store.append(List.of(new Event("anna", "a", 1, "x")));
        }
        int version = Schema.MIGRATIONS.size();
        try (Connection connection = Database.of(file).connect()) {
            assertThat(Schema.number(connection, "PRAGMA user_version")).isEqualTo(version);
            List<List<String>> failing = migrations(List.of("ALTER TABLE user ADD COLUMN note TEXT", "NO SQL"));
            assertThatThrownBy(() -> Schema.migrate(connection, file, failing)).isInstanceOf(SQLException.class);
        }
        try (Connection connection = Database.of(file).connect()) {
            assertThat(Schema.number(connection, "PRAGMA user_version"))
                    .as("a step that fails half way leaves the version before")
                    .isEqualTo(version);
            List<List<String>> next =
                    migrations(List.of("ALTER TABLE user ADD COLUMN note TEXT", "UPDATE user SET note = 'migrated'"));
            Schema.migrate(connection, file, next);
            Schema.migrate(connection, file, next);
            assertThat(Schema.number(connection, "PRAGMA user_version")).isEqualTo(version + 1);
            assertThat(Schema.number(
                            connection,
                            "SELECT count(*) FROM user JOIN event ON event.user = user.id WHERE note = 'migrated'"))
                    .isEqualTo(1);
            assertThatThrownBy(() -> Schema.migrate(connection, file, Schema.MIGRATIONS))
                    .as("by the program of before")
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("newer version");
        }
    }
}
