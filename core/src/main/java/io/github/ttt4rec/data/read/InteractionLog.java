package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.internal.IdDictionary;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a log in file order, as packed columns of 16 bytes per row, and the distinct ids that occur in them.
 * Callers that only inspect a log, in order to read it again, keep its ids and a few rows.
 */
final class InteractionLog implements EventTarget {
    private static final int MAX_KINDS = Integer.MAX_VALUE - 8;

    private IdDictionary userIds = new IdDictionary();
    private IdDictionary itemIds = new IdDictionary();
    private final IntColumn users = new IntColumn();
    private final IntColumn items = new IntColumn();
    private final LongColumn times = new LongColumn();
    private final LongColumn ties = new LongColumn();
    private final long maxRows;
    private final boolean needsTimes;
    private @Nullable EventRoles roles;
    /** The kinds of rows up to the last row whose kind is not 0. */
    private byte[] kinds = {};

    private long size;
    private boolean wholeUsers;
    private boolean wholeItems;

    /** A log that keeps all rows, which must have times or an order. */
    InteractionLog() {
        this(Long.MAX_VALUE, true);
    }

    private InteractionLog(long maxRows, boolean needsTimes) {
        this.maxRows = maxRows;
        this.needsTimes = needsTimes;
    }

    /** A log that keeps all ids, the first {@code maxRows} rows and the number of the others. Times are optional. */
    static InteractionLog ofIds(long maxRows) {
        return new InteractionLog(maxRows, false);
    }

    @Override
    public void add(IdBuffer user, IdBuffer item, long time) {
        int userNumber = userIds.add(user.bytes(), user.length());
        int itemNumber = itemIds.add(item.bytes(), item.length());
        if (size++ < maxRows) {
            users.add(userNumber);
            items.add(itemNumber);
            times.add(time);
        }
    }

    @Override
    public void tie(long number) {
        if (size <= maxRows) {
            ties.add(number);
        }
    }

    /**
     * Reads ids such as {@code 17850.0} as whole numbers if all ids of a column are whole numbers, and adds a line to
     * {@code notices}.
     */
    void unifyWholeNumbers(List<String> notices) {
        IdDictionary oldUsers = userIds;
        IdDictionary oldItems = itemIds;
        userIds = WholeNumbers.unify(userIds, users, "user", notices);
        itemIds = WholeNumbers.unify(itemIds, items, "item", notices);
        wholeUsers = !userIds.equals(oldUsers);
        wholeItems = !itemIds.equals(oldItems);
    }

    /** Returns whether user ids such as {@code 17850.0} are read as whole numbers. */
    boolean wholeUsers() {
        return wholeUsers;
    }

    /** Returns whether item ids such as {@code 17850.0} are read as whole numbers. */
    boolean wholeItems() {
        return wholeItems;
    }

    /** Numbers that order the rows of one user at the same time, or empty. */
    public LongColumn ties() {
        return ties;
    }

    @Override
    public void eventId(IdBuffer id, int position) {
        throw new IllegalStateException("not asked for");
    }

    @Override
    public void kind(EventRoles rules, int kind) {
        boolean onlyTarget = kind == 0 && rules.kinds().getFirst().role() == EventRoles.Role.TARGET;
        if (!onlyTarget) {
            roles = rules;
        }
        if (kind != 0 && size < Math.min(maxRows, MAX_KINDS)) {
            int row = (int) size;
            if (row >= kinds.length) {
                kinds = Arrays.copyOf(kinds, (int) Math.min(MAX_KINDS, Math.max(1024, 2L * (row + 1))));
            }
            kinds[row] = (byte) kind;
        }
    }

    /** The rules by which kinds are numbered; null if all rows are targets of kind 0. */
    @Nullable EventRoles roles() {
        return roles;
    }

    /** The kind of a row. */
    int kind(int row) {
        return row < kinds.length ? kinds[row] : 0;
    }

    @Override
    public boolean wantsEventIds() {
        return false;
    }

    @Override
    public boolean needsTimes() {
        return needsTimes;
    }

    @Override
    public long size() {
        return size;
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

    /** Each row's time in the file's own unit. */
    public LongColumn times() {
        return times;
    }
}
