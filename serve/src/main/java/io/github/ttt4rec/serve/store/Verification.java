package io.github.ttt4rec.serve.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Verifies the records of a store against their checksums, and that no user's events are missing. */
final class Verification {
    private Verification() {}

    /**
     * The damage found.
     *
     * @param users the numbers of damaged users, with the reason
     * @param items the number of damaged items; their events' users are among the damaged users
     */
    record Findings(Map<Long, String> users, long items) {}

    /** Checks all users, items and events as fast as SQLite reads. Does not check the ids of events. */
    static Findings ofRecords(Connection connection) throws SQLException {
        Sums.register(connection);
        Map<Long, String> users = new TreeMap<>();
        for (long user : numbers(connection, "SELECT id FROM user WHERE sum <> name_sum(id, name)")) {
            users.put(user, "the record of user number " + user + " does not match its checksum");
        }
        for (long user : numbers(
                connection,
                "SELECT user FROM event GROUP BY user HAVING max(position) - min(position) + 1 <> count(*)"
                        + " OR sum(event.sum <> " + Sums.OF_EVENT + ") > 0")) {
            users.putIfAbsent(user, "an event of user number " + user + " is missing or does not match its checksum");
        }
        List<Long> items = numbers(connection, "SELECT id FROM item WHERE sum <> name_sum(id, name)");
        if (!items.isEmpty()) {
            for (long user : numbers(
                    connection,
                    "SELECT DISTINCT user FROM event WHERE item IN"
                            + " (SELECT id FROM item WHERE sum <> name_sum(id, name))")) {
                users.putIfAbsent(user, "an item that user number " + user + " had does not match its checksum");
            }
        }
        for (long user :
                numbers(connection, "SELECT DISTINCT user FROM event WHERE item NOT IN (SELECT id FROM item)")) {
            users.putIfAbsent(user, "an item that user number " + user + " had is missing");
        }
        return new Findings(users, items.size());
    }

    /** Returns the numbers of users with an event id that does not match its checksum. */
    static List<Long> ofEventIds(Connection connection) throws SQLException {
        Sums.register(connection);
        return numbers(connection, "SELECT DISTINCT user FROM event_id WHERE sum <> event_id_sum(user, id, position)");
    }

    /** Returns the numbers of users with an event whose type does not match its checksum. */
    static List<Long> ofTypes(Connection connection) throws SQLException {
        Sums.register(connection);
        return numbers(
                connection, "SELECT DISTINCT user FROM event_type WHERE sum <> type_sum(user, position, name, value)");
    }

    /** Returns the numbers of users with an event whose context does not match its checksum. */
    static List<Long> ofContexts(Connection connection) throws SQLException {
        Sums.register(connection);
        return numbers(
                connection,
                "SELECT DISTINCT user FROM event_context WHERE sum <> event_id_sum(user, context, position)");
    }

    /** Returns the damage to items' attributes, scenarios, the running experiment and live quality, one line each. */
    static List<String> ofCatalogue(Connection connection) throws SQLException {
        Sums.register(connection);
        List<String> findings = new ArrayList<>();
        count(
                connection,
                findings,
                "item_attributes WHERE sum <> text_sum(name, attributes)",
                "records of items' attributes");
        count(connection, findings, "scenario WHERE sum <> text_sum(name, definition)", "scenarios");
        count(connection, findings, "experiment WHERE sum <> text_sum(name, definition)", "experiments");
        count(connection, findings, "experiment_arm WHERE sum <> text_sum(name, state)", "arms of an experiment");
        count(
                connection,
                findings,
                "experiment_user WHERE sum <> gain_sum(user, events, gain)",
                "users' figures of an experiment");
        count(connection, findings, "ranked_event WHERE sum <> " + RankWriter.SUM, "ranks of live quality");
        return findings;
    }

    /** Returns the damage to impressions, at most one line. */
    static List<String> ofImpressions(Connection connection) throws SQLException {
        Sums.register(connection);
        List<String> findings = new ArrayList<>();
        count(
                connection,
                findings,
                "impression WHERE sum <> impression_sum(user, item, scenario, place, shown, time)",
                "records of items that were shown");
        return findings;
    }

    private static void count(Connection connection, List<String> findings, String rows, String what)
            throws SQLException {
        long damaged = Schema.number(connection, "SELECT count(*) FROM " + rows);
        if (damaged > 0) {
            findings.add(damaged + " " + what + " do not match their checksums");
        }
    }

    private static List<Long> numbers(Connection connection, String query) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }
}
