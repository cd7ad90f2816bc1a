package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Deduplication;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.data.internal.IdDictionary;
import io.github.ttt4rec.internal.NothingLeftException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of a log, in file order, into each user's events in time order, and filters them. Works in place: user
 * u's events are at {@code offsets[u] .. offsets[u + 1] - 1}, and every filter closes the gaps it leaves.
 */
final class Preparation {
    private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

    private final String file;
    private final boolean hasTimes;
    private final TimeScale scale;
    private final IdDictionary userIds;
    private final IdDictionary itemIds;
    private final List<DataSource.Step> steps = new ArrayList<>();
    private final int[] offsets;
    /** The rules by which kinds are numbered; null if all events are targets of one kind. */
    private final @Nullable EventRoles roles;

    /** The number of kinds. */
    private final int kinds;
    /** The item of each event times {@link #kinds}, plus the event's kind. */
    private int[] items;

    private long[] times;
    private int count;

    private Preparation(InteractionLog log, String file, TimeScale scale) {
        this.file = file;
        this.hasTimes = !scale.ordinal();
        this.scale = scale;
        this.userIds = log.userIds();
        this.itemIds = log.itemIds();
        if (log.size() > MAX_ROWS) {
            throw new UserFacingException(file + ": " + log.size() + " rows are more than the " + MAX_ROWS
                    + " that fit; read a part of the users or of the time");
        }
        this.count = (int) log.size();
        this.offsets = new int[userIds.size() + 1];
        int[] next = countByUser(log);
        this.roles = log.roles();
        this.kinds = roles == null ? 1 : roles.kinds().size();
        if ((long) itemIds.size() * kinds > Integer.MAX_VALUE) {
            throw new UserFacingException(file + ": " + itemIds.size() + " items and " + kinds
                    + " rules of --types that read events are too many; use fewer rules");
        }
        this.items = new int[count];
        for (int row = 0; row < count; row++) {
            items[next[log.users().get(row)]++] = log.items().get(row) * kinds + log.kind(row);
        }
        // Columns are copied one at a time, so that one is freed before the array for the next is allocated.
        log.items().clear();
        System.arraycopy(offsets, 0, next, 0, next.length);
        this.times = new long[count];
        for (int row = 0; row < count; row++) {
            times[next[log.users().get(row)]++] = log.times().get(row);
        }
        log.times().clear();
        if (log.ties().size() > 0) {
            orderTies(log, next);
        }
        log.users().clear();
        StableTimeSort sort = new StableTimeSort(times, items);
        for (int user = 0; user < userIds.size(); user++) {
            sort.sort(offsets[user], offsets[user + 1]);
        }
    }

    /**
     * Prepares the rows of {@code log}, which is empty afterwards.
     *
     * @param scale the conversion of its times to those of the data set
     * @param badRows the number of rows of the file that were skipped before
     */
    static Dataset prepare(
            InteractionLog log, TimeScale scale, PrepareOptions options, String file, String sha256, long badRows) {
        Preparation preparation = new Preparation(log, file, scale);
        preparation.step("read", badRows, "");
        preparation.filter(options);
        return preparation.toDataset(sha256);
    }

    /**
     * Orders each user's rows by their tie numbers; the stable sort by time then keeps this order among equal times.
     */
    private void orderTies(InteractionLog log, int[] next) {
        System.arraycopy(offsets, 0, next, 0, next.length);
        long[] ties = new long[count];
        for (int row = 0; row < count; row++) {
            ties[next[log.users().get(row)]++] = log.ties().get(row);
        }
        log.ties().clear();
        for (int user = 0; user < userIds.size(); user++) {
            int start = offsets[user];
            int[] order = IntStream.range(start, offsets[user + 1])
                    .boxed()
                    .sorted(Comparator.comparingLong(at -> ties[at]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            long[] oldTimes = Arrays.copyOfRange(times, start, offsets[user + 1]);
            int[] oldItems = Arrays.copyOfRange(items, start, offsets[user + 1]);
            for (int i = 0; i < order.length; i++) {
                times[start + i] = oldTimes[order[i] - start];
                items[start + i] = oldItems[order[i] - start];
            }
        }
    }

    /**
     * The first half of a counting sort, which keeps file order: fills the offsets and returns each user's first index.
     */
    private int[] countByUser(InteractionLog log) {
        for (int row = 0; row < count; row++) {
            offsets[log.users().get(row) + 1]++;
        }
        for (int user = 0; user < userIds.size(); user++) {
            offsets[user + 1] += offsets[user];
        }
        return Arrays.copyOf(offsets, userIds.size());
    }

    private void filter(PrepareOptions options) {
        TimeBound after = options.after();
        if (after != null) {
            long from = bound(after);
            int dropped = keep((user, at) -> micros(at) >= from);
            step("not before " + new EventTime(from, hasTimes), dropped, "choose an earlier time");
        }
        TimeBound before = options.before();
        if (before != null) {
            long to = bound(before);
            int dropped = keep((user, at) -> micros(at) < to);
            step("before " + new EventTime(to, hasTimes), dropped, "choose a later time");
        }
        Integer maxUsers = options.maxUsers();
        if (maxUsers != null) {
            int last = userNumber(maxUsers);
            int dropped = keep((user, at) -> user <= last);
            step("first " + maxUsers + " users", dropped, "");
        }
        deduplicate(options.deduplication());
        if (options.minUserEvents() > 1 || options.minItemEvents() > 1) {
            core(options.minUserEvents(), options.minItemEvents());
        }
    }

    private int item(int at) {
        return items[at] / kinds;
    }

    /** Identifies the item of an event, and whether the event is only an input. */
    private int itemAndRole(int at) {
        boolean input = roles != null && roles.kinds().get(items[at] % kinds).role() == EventRoles.Role.INPUT;
        return item(at) + (input ? itemIds.size() : 0);
    }

    /** The time of an event in epoch microseconds, or its order number if the log has no times. */
    private long micros(int at) {
        return scale.toMicros().applyAsLong(times[at]);
    }

    private long bound(TimeBound bound) {
        try {
            return bound.isDate() ? bound.on(hasTimes) : scale.number(bound.number());
        } catch (UserFacingException e) {
            throw new UserFacingException(file + ": the bound " + e.getMessage(), e);
        }
    }

    /** The last of the first {@code wanted} users that have events. */
    private int userNumber(int wanted) {
        int found = 0;
        for (int user = 0; user < userIds.size(); user++) {
            found += offsets[user + 1] > offsets[user] ? 1 : 0;
            if (found == wanted) {
                return user;
            }
        }
        return userIds.size();
    }

    private void deduplicate(Deduplication deduplication) {
        // lastRun[item] is the last run in which the item occurred; a run is a user, or a user's events at one time. An
        // input and a target on the same item are different events.
        int[] lastRun = new int[deduplication == Deduplication.NONE ? 0 : (roles == null ? 1 : 2) * itemIds.size()];
        int[] run = {0};
        Keep firstInRun = (user, at) -> {
            int event = itemAndRole(at);
            boolean first = lastRun[event] != run[0];
            lastRun[event] = run[0];
            return first;
        };
        switch (deduplication) {
            case NONE -> {}
            case EXACT -> {
                long[] runTime = {0};
                int[] runUser = {-1};
                int dropped = keep((user, at) -> {
                    if (user != runUser[0] || times[at] != runTime[0]) {
                        run[0]++;
                    }
                    runUser[0] = user;
                    runTime[0] = times[at];
                    return firstInRun.keep(user, at);
                });
                step("exact duplicates dropped", dropped, "");
            }
            case CONSECUTIVE -> {
                int[] previous = {-1, -1};
                int dropped = keep((user, at) -> {
                    boolean repeat = user == previous[0] && itemAndRole(at) == previous[1];
                    previous[0] = user;
                    previous[1] = itemAndRole(at);
                    return !repeat;
                });
                step("consecutive repeats dropped", dropped, "");
            }
            case FIRST_PER_USER_ITEM -> {
                int dropped = keep((user, at) -> {
                    run[0] = user + 1;
                    return firstInRun.keep(user, at);
                });
                step("first event per user and item", dropped, "");
            }
        }
    }

    /** Drops users and items with too few events, repeatedly, until all remaining ones have enough. */
    private void core(int minUserEvents, int minItemEvents) {
        int[] ofItem = new int[itemIds.size()];
        long[] most = {0, 0};
        for (int user = 0; user < userIds.size(); user++) {
            most[0] = Math.max(most[0], offsets[user + 1] - offsets[user]);
        }
        int all = 0;
        int dropped;
        do {
            dropped = keepUsers(minUserEvents);
            Arrays.fill(ofItem, 0);
            for (int i = 0; i < count; i++) {
                ofItem[item(i)]++;
            }
            for (int events : ofItem) {
                most[1] = Math.max(most[1], events);
            }
            dropped += keep((user, at) -> ofItem[item(at)] >= minItemEvents);
            all += dropped;
        } while (dropped > 0 && count > 0);
        String name = minUserEvents == minItemEvents
                ? minUserEvents + "-core"
                : "core (users " + minUserEvents + ", items " + minItemEvents + ")";
        step(
                name,
                all,
                "lower --min-user-events or --min-item-events (the longest user has " + most[0]
                        + " events; the most frequent item " + most[1] + " once short users are gone)");
    }

    private int keepUsers(int minEvents) {
        int[] length = {-1, 0};
        return keep((user, at) -> {
            if (user != length[0]) {
                length[0] = user;
                length[1] = offsets[user + 1] - at;
            }
            return length[1] >= minEvents;
        });
    }

    /** Decides whether to keep the event at an index; called for all events in order. */
    @FunctionalInterface
    private interface Keep {
        boolean keep(int user, int at);
    }

    /** Drops the events that {@code keep} rejects; returns their number. */
    private int keep(Keep keep) {
        int kept = 0;
        int start = 0;
        for (int user = 0; user < userIds.size(); user++) {
            int end = offsets[user + 1];
            for (int at = start; at < end; at++) {
                if (keep.keep(user, at)) {
                    items[kept] = items[at];
                    times[kept++] = times[at];
                }
            }
            start = end;
            offsets[user + 1] = kept;
        }
        int dropped = count - kept;
        count = kept;
        return dropped;
    }

    private void step(String name, long dropped, String advice) {
        long users = 0;
        for (int user = 0; user < userIds.size(); user++) {
            users += offsets[user + 1] > offsets[user] ? 1 : 0;
        }
        long distinct = 0;
        boolean[] met = new boolean[itemIds.size()];
        for (int i = 0; i < count; i++) {
            distinct += met[item(i)] ? 0 : 1;
            met[item(i)] = true;
        }
        if (count == 0) {
            throw new NothingLeftException(
                    file + ": nothing is left after the step \"" + name + "\", which dropped the last " + dropped
                            + " events; " + (advice.isEmpty() ? "check the file" : advice));
        }
        steps.add(new DataSource.Step(name, users, distinct, count, dropped));
    }

    private Dataset toDataset(String sha256) {
        int[] newIndex = new int[itemIds.size()];
        for (int i = 0; i < count; i++) {
            newIndex[item(i)] = 1;
        }
        IdDictionary keptItems = new IdDictionary();
        for (int item = 0; item < newIndex.length; item++) {
            newIndex[item] = newIndex[item] == 0 ? 0 : keptItems.addFrom(itemIds, item) + 1;
        }
        byte[] ofEvent = new byte[roles == null ? 0 : count];
        for (int i = 0; i < count; i++) {
            if (roles != null) {
                ofEvent[i] = (byte) (items[i] % kinds);
            }
            items[i] = newIndex[item(i)];
        }
        IdDictionary keptUsers = new IdDictionary();
        int[] newOffsets = new int[offsets.length];
        for (int user = 0; user < userIds.size(); user++) {
            if (offsets[user + 1] > offsets[user]) {
                newOffsets[keptUsers.addFrom(userIds, user) + 1] = offsets[user + 1];
            }
        }
        // Assigned to the fields one by one, so that each full-size array can be freed before the next copy is made.
        items = count == items.length ? items : Arrays.copyOf(items, count);
        times = count == times.length ? times : Arrays.copyOf(times, count);
        // Converted last, so that times finer than a microsecond still order events and tell them apart.
        for (int i = 0; i < count; i++) {
            times[i] = micros(i);
        }
        return new Dataset(
                new IdMap(keptUsers),
                new IdMap(keptItems),
                Arrays.copyOf(newOffsets, keptUsers.size() + 1),
                items,
                times,
                hasTimes,
                roles == null ? null : new EventRoles.Kinds(roles, ofEvent),
                new DataSource(file, sha256, List.copyOf(steps)));
    }
}
