package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.internal.EventRanks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes the ranks of live quality. Runs within {@link EventWriter}'s transactions. */
final class RankWriter {
    private static final String COLUMNS = "number, user, position, served, frozen, popular, known, traits";

    /** The checksum of a row as an SQL expression. */
    static final String SUM = "ranks_sum(" + COLUMNS + ")";

    private static final int UNTRAINED = 1;
    private static final int FIRST_DAY = 2;

    private final PreparedStatement isStored;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement removeBefore;
    private final PreparedStatement forget;

    RankWriter(Connection connection) throws SQLException {
        isStored = connection.prepareStatement("SELECT id FROM user WHERE id = ?");
        find = connection.prepareStatement("SELECT id FROM user WHERE name = ?");
        put = connection.prepareStatement(
                "INSERT OR REPLACE INTO ranked_event (" + COLUMNS + ", sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        removeBefore = connection.prepareStatement("DELETE FROM ranked_event WHERE number < ?");
        forget = connection.prepareStatement("DELETE FROM ranked_event WHERE user = ?");
    }

    /** Stores the ranks of events, except those of forgotten users, and removes all but the last {@code keep} numbers. */
    void put(List<RankedEvent> events, int keep) throws SQLException {
        for (RankedEvent event : events) {
            if (Sql.number(isStored, event.user().number()) != null) {
                put(event, event.user().number());
            }
        }
        if (!events.isEmpty()) {
            Sql.run(removeBefore, events.getLast().number() - keep + 1);
        }
    }

    /** Copies the ranks of another store, in which the users have other numbers. */
    void restore(List<RankedEvent> events) throws SQLException {
        for (RankedEvent event : events) {
            Long user = Sql.number(find, event.user().id());
            if (user != null) {
                put(event, user);
            }
        }
    }

    private void put(RankedEvent event, long user) throws SQLException {
        EventRanks ranks = event.ranks();
        int traits = (ranks.untrained() ? UNTRAINED : 0) | (ranks.firstDay() ? FIRST_DAY : 0);
        Sql.run(
                put,
                event.number(),
                user,
                event.position(),
                ranks.served(),
                ranks.frozen(),
                ranks.popular(),
                ranks.known(),
                traits,
                Sums.ofRanks(
                        event.number(),
                        user,
                        event.position(),
                        ranks.served(),
                        ranks.frozen(),
                        ranks.popular(),
                        ranks.known(),
                        traits));
    }

    /** Removes the ranks of a user; returns the number of rows. */
    long forget(long user) throws SQLException {
        return Sql.run(forget, user);
    }

    /** Reads the sound rows in the order of their numbers. */
    static List<RankedEvent> read(Connection connection) throws SQLException {
        Sums.register(connection);
        try (PreparedStatement rows = connection.prepareStatement("SELECT user.name, ranked_event.* FROM ranked_event"
                + " JOIN user ON user.id = ranked_event.user WHERE ranked_event.sum = " + SUM
                + " ORDER BY number")) {
            return Sql.rows(rows, RankWriter::event);
        }
    }

    private static RankedEvent event(ResultSet row) throws SQLException {
        int traits = row.getInt(9);
        return new RankedEvent(
                row.getLong(2),
                new RankedEvent.User(row.getLong(3), row.getString(1)),
                row.getLong(4),
                new EventRanks(
                        row.getInt(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getInt(8),
                        (traits & UNTRAINED) != 0,
                        (traits & FIRST_DAY) != 0));
    }
}
