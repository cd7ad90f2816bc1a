package io.github.ttt4rec.serve.store;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.internal.Sha256;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes impressions: one row for each user and item until the item is taken, and sums by scenario and place, which
 * contain no user. Runs within {@link EventWriter}'s transactions.
 */
final class ImpressionWriter {
    /** The last place with its own sum; later places count there. */
    static final int MAX_PLACE = 50;
    /** The number of last lists of an item that are recognised if they are reported again. */
    private static final int MAX_LISTS = 8;
    /** The maximum number of items of one user; those shown longest ago are removed first. */
    private static final int MAX_ITEMS = 1_000;
    /** The number of expired rows to remove at a time. */
    private static final int EXPIRED_AT_ONCE = 1_000;
    /** The maximum time between an impression and an event that counts as taking the item. */
    private static final long TAKEN_WITHIN = Duration.ofDays(1).toNanos() / 1_000;
    /** The time after which an impression expires. */
    static final long KEPT = Duration.ofDays(90).toNanos() / 1_000;

    /** All rows, in the order that {@link Row#read} reads. */
    static final String ALL = "SELECT user, item, scenario, place, shown, time, list, sum FROM impression";

    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement remove;
    private final PreparedStatement removeUser;
    private final PreparedStatement removeOldest;
    private final PreparedStatement removeExpired;
    private final PreparedStatement countShown;
    private final PreparedStatement countTaken;
    private final PreparedStatement putPlace;
    /** False if there are no rows. Most shops send no impressions, and then an event costs nothing here. */
    private boolean any;

    ImpressionWriter(Connection connection) throws SQLException {
        find = connection.prepareStatement(ALL + " WHERE user = ? AND item = ?");
        put = connection.prepareStatement("INSERT OR REPLACE INTO impression (user, item, scenario, place, shown, time,"
                + " list, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        remove = connection.prepareStatement("DELETE FROM impression WHERE user = ? AND item = ?");
        removeUser = connection.prepareStatement("DELETE FROM impression WHERE user = ?");
        removeOldest = connection.prepareStatement("DELETE FROM impression WHERE user = ? AND item IN (SELECT item FROM"
                + " impression WHERE user = ? ORDER BY time DESC, item LIMIT -1 OFFSET " + MAX_ITEMS + ")");
        removeExpired = connection.prepareStatement("DELETE FROM impression WHERE (user, item) IN (SELECT user, item"
                + " FROM impression WHERE time < ? LIMIT " + EXPIRED_AT_ONCE + ")");
        countShown = connection.prepareStatement("INSERT INTO shown_place (scenario, place, shown, taken) VALUES"
                + " (?, ?, 1, 0) ON CONFLICT (scenario, place) DO UPDATE SET shown = shown + 1");
        countTaken = connection.prepareStatement(
                "UPDATE shown_place SET taken = taken + 1 WHERE scenario = ? AND place = ?");
        putPlace = connection.prepareStatement(
                "INSERT INTO shown_place (scenario, place, shown, taken) VALUES (?, ?, ?, ?)");
        any = Schema.number(connection, "SELECT EXISTS (SELECT 1 FROM impression)") > 0;
    }

    /** One row of the table. */
    record Row(String user, String item, String scenario, int place, long shown, long time, String list, long sum) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getString(7),
                    row.getLong(8));
        }

        /** Returns whether a list with this id, or its mark, is among the last that showed the item. */
        boolean isOf(String id, String mark) {
            // Earlier versions stored the id of the last list instead of marks.
            return list.equals(id) || List.of(list.split(" ", -1)).contains(mark);
        }

        /** Returns the marks of the last lists, with another one as the last. */
        String listsAnd(String mark) {
            if (mark.isEmpty()) {
                return list;
            }
            List<String> marks = new ArrayList<>(List.of(list.split(" ", -1)));
            marks.removeIf(each -> each.length() != mark.length());
            marks.add(mark);
            return String.join(" ", marks.subList(Math.max(0, marks.size() - MAX_LISTS), marks.size()));
        }

        boolean isSound() {
            return sum == Sums.ofImpression(user, item, scenario, place, shown, time);
        }
    }

    /** Counts a list; returns the number of its items that were already counted. */
    int show(Impression list, StoreCounters.Change change) throws SQLException {
        int before = 0;
        String id = requireNonNullElse(list.list(), "");
        String mark = id.isEmpty() ? "" : mark(id);
        for (int i = 0; i < list.items().size(); i++) {
            String item = list.items().get(i);
            int place = Math.min(i + 1, MAX_PLACE);
            Row row = row(list.user(), item);
            if (row != null && !id.isEmpty() && row.isOf(id, mark)) {
                before++;
                continue;
            }
            long shown = 1 + (row == null ? 0 : row.shown);
            long time = Math.max(list.timeMicros(), row == null ? Long.MIN_VALUE : row.time);
            Sql.run(
                    put,
                    list.user(),
                    item,
                    list.scenario(),
                    place,
                    shown,
                    time,
                    row == null ? mark : row.listsAnd(mark),
                    Sums.ofImpression(list.user(), item, list.scenario(), place, shown, time));
            Sql.run(countShown, list.scenario(), place);
            change.shown++;
        }
        Sql.run(removeOldest, list.user(), list.user());
        any = true;
        return before;
    }

    /**
     * Adds items that a user was shown, without counting them by scenario and place. Skips expired ones and those that
     * have a row.
     */
    int add(String user, List<ShownItem> items, long now) throws SQLException {
        int added = 0;
        for (ShownItem item : items) {
            if (item.timeMicros() >= now - KEPT && row(user, item.item()) == null) {
                int place = Math.clamp(item.place(), 1, MAX_PLACE);
                long time = Math.min(item.timeMicros(), now);
                Sql.run(
                        put,
                        user,
                        item.item(),
                        item.scenario(),
                        place,
                        item.shown(),
                        time,
                        "",
                        Sums.ofImpression(user, item.item(), item.scenario(), place, item.shown(), time));
                added++;
            }
        }
        Sql.run(removeOldest, user, user);
        any |= added > 0;
        return added;
    }

    /** Returns 16 digits that stand for the id of a list, so that a row of several lists stays short. */
    private static String mark(String list) {
        byte[] hash = Sha256.of(list.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, Long.BYTES);
    }

    private @Nullable Row row(String user, String item) throws SQLException {
        return Sql.rows(find, Row::read, user, item).stream().findFirst().orElse(null);
    }

    /** Copies rows and sums of a damaged store into this one, which has none of them. */
    void restore(List<Row> rows, List<PlaceFigures> places) throws SQLException {
        for (Row row : rows) {
            Sql.run(put, row.user, row.item, row.scenario, row.place, row.shown, row.time, row.list, row.sum);
        }
        for (PlaceFigures place : places) {
            Sql.run(putPlace, place.scenario(), place.place(), place.shown(), place.taken());
        }
        any |= !rows.isEmpty();
    }

    /** Records that the user took an item: it counts as taken if it was shown recently, and is no longer demoted. */
    void take(String user, String item, long now, StoreCounters.Change change) throws SQLException {
        if (!any) {
            return;
        }
        Row row = row(user, item);
        if (row != null) {
            Sql.run(remove, user, item);
            if (now - row.time <= TAKEN_WITHIN) {
                Sql.run(countTaken, row.scenario, row.place);
                change.taken++;
            }
        }
    }

    /** Removes a user's impressions; returns the number of items. */
    long forget(String user) throws SQLException {
        return any ? Sql.run(removeUser, user) : 0;
    }

    /** Removes some expired impressions; returns the number of items. */
    long expire(long now) throws SQLException {
        return any ? Sql.run(removeExpired, now - KEPT) : 0;
    }
}
