package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.util.List;

/** The rows of a log as packed columns, 16 bytes a row, and the ids that occur in them, once each. In file order. */
final class InteractionLog {
    private IdDictionary userIds = new IdDictionary();
    private IdDictionary itemIds = new IdDictionary();
    private final IntColumn users = new IntColumn();
    private final IntColumn items = new IntColumn();
    private final LongColumn times = new LongColumn();
    private final LongColumn ties = new LongColumn();

    /** Appends a row. */
    void add(IdBuffer user, IdBuffer item, long time) {
        users.add(userIds.add(user.bytes(), user.length()));
        items.add(itemIds.add(item.bytes(), item.length()));
        times.add(time);
    }

    /** Gives the last row a number that orders it among the rows of its user and time; all rows have one, or none. */
    void tie(long number) {
        ties.add(number);
    }

    /** Reads ids such as {@code 17850.0} as whole numbers, if all of a column are; says so in {@code notices}. */
    void unifyWholeNumbers(List<String> notices) {
        userIds = WholeNumbers.unify(userIds, users, "user", notices);
        itemIds = WholeNumbers.unify(itemIds, items, "item", notices);
    }

    /** Numbers that order the rows of one user and time, or empty. */
    public LongColumn ties() {
        return ties;
    }

    /** Appends a row with its ids as strings. */
    public void add(String user, String item, long time) {
        users.add(userIds.add(user));
        items.add(itemIds.add(item));
        times.add(time);
    }

    /** The number of rows. */
    public long size() {
        return times.size();
    }

    /** All user ids. */
    public IdDictionary userIds() {
        return userIds;
    }

    /** All item ids. */
    public IdDictionary itemIds() {
        return itemIds;
    }

    /** Each row's user, as numbered in {@link #userIds()}. */
    public IntColumn users() {
        return users;
    }

    /** Each row's item, as numbered in {@link #itemIds()}. */
    public IntColumn items() {
        return items;
    }

    /** Each row's time, in the file's own unit. */
    public LongColumn times() {
        return times;
    }
}
