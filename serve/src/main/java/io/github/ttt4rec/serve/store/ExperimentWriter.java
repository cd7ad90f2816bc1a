package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.data.EventTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the running experiment and its figures, of which each user has one row until the user is forgotten. Runs
 * within {@link EventWriter}'s transactions.
 */
final class ExperimentWriter {
    private final Connection connection;
    private final PreparedStatement forget;

    ExperimentWriter(Connection connection) throws SQLException {
        this.connection = connection;
        forget = connection.prepareStatement("DELETE FROM experiment_user WHERE user = ?");
    }

    /** Stores the definition of the running experiment, and removes other experiments and all figures. */
    void put(String name, String definition, Instant started) throws SQLException {
        remove();
        run(
                "INSERT INTO experiment (name, definition, sum, started) VALUES (?, ?, ?, ?)",
                name,
                definition,
                Sums.ofText(name, definition),
                EventTime.micros(started));
    }

    /** Removes all experiments and their figures. */
    void remove() throws SQLException {
        run("DELETE FROM experiment");
        run("DELETE FROM experiment_arm");
        run("DELETE FROM experiment_user");
    }

    /** Stores changed figures, unless their experiment has ended. Leaves out users who are no longer stored. */
    void put(ExperimentFigures figures) throws SQLException {
        try (PreparedStatement running =
                connection.prepareStatement("SELECT count(*) FROM experiment WHERE name = ? AND started = ?")) {
            Long count = Sql.number(running, figures.name(), EventTime.micros(figures.started()));
            if (count == null || count == 0) {
                return;
            }
        }
        for (ExperimentFigures.Arm arm : figures.arms()) {
            String state = arm.model() + " " + Double.toHexString(arm.largestRatio());
            run(
                    "INSERT OR REPLACE INTO experiment_arm (name, state, sum) VALUES (?, ?, ?)",
                    arm.name(),
                    state,
                    Sums.ofText(arm.name(), state));
        }
        try (PreparedStatement find = connection.prepareStatement("SELECT id FROM user WHERE name = ?");
                PreparedStatement put = connection.prepareStatement(
                        "INSERT OR REPLACE INTO experiment_user (user, events, gain, sum) VALUES (?, ?, ?, ?)")) {
            for (ExperimentFigures.User user : figures.users()) {
                Long number = Sql.number(find, user.id());
                if (number != null && user.events() > 0) {
                    long sum = Sums.ofGain(number, user.events(), user.gain());
                    Sql.run(put, number, user.events(), user.gain(), sum);
                } else if (number != null) {
                    forget(number);
                }
            }
        }
    }

    /** Removes the figures of a user; returns the number of rows. */
    long forget(long user) throws SQLException {
        return Sql.run(forget, user);
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Sql.run(statement, values);
        }
    }

    /** Reads the figures of the running experiment without damaged records; null if none is running. */
    static @Nullable ExperimentFigures read(Connection connection) throws SQLException {
        if (!Schema.has(connection, "experiment_user")) {
            return null;
        }
        try (PreparedStatement experiments = connection.prepareStatement("SELECT name, started FROM experiment");
                PreparedStatement arms = connection.prepareStatement("SELECT name, state, sum FROM experiment_arm");
                PreparedStatement users = connection.prepareStatement(
                        "SELECT user.name, experiment_user.user, events, gain, experiment_user.sum FROM experiment_user"
                                + " JOIN user ON user.id = experiment_user.user ORDER BY experiment_user.user")) {
            List<ExperimentFigures.Arm> soundArms = Sql.rows(arms, ExperimentWriter::arm).stream()
                    .flatMap(List::stream)
                    .toList();
            List<ExperimentFigures.User> soundUsers = Sql.rows(users, ExperimentWriter::user).stream()
                    .flatMap(List::stream)
                    .toList();
            return Sql.rows(
                            experiments,
                            row -> new ExperimentFigures(
                                    row.getString(1), EventTime.instant(row.getLong(2)), soundArms, soundUsers))
                    .stream()
                    .findFirst()
                    .orElse(null);
        }
    }

    private static List<ExperimentFigures.Arm> arm(ResultSet row) throws SQLException {
        String name = row.getString(1);
        String state = row.getString(2);
        if (row.getLong(3) != Sums.ofText(name, state)) {
            return List.of();
        }
        int space = state.lastIndexOf(' ');
        return List.of(new ExperimentFigures.Arm(
                name, state.substring(0, space), Double.parseDouble(state.substring(space + 1))));
    }

    private static List<ExperimentFigures.User> user(ResultSet row) throws SQLException {
        long events = row.getLong(3);
        double gain = row.getDouble(4);
        return row.getLong(5) == Sums.ofGain(row.getLong(2), events, gain)
                ? List.of(new ExperimentFigures.User(row.getString(1), events, gain))
                : List.of();
    }
}
