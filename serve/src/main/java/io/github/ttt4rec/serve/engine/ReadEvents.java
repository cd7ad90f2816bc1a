package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.serve.store.EventType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of a user that a model reads, and the effect of negative ones. Events of other roles have no place among those that are
 * read, as in training. Not for several threads.
 */
final class ReadEvents {
    private static final long[] NO_TIMES = {};

    private final LiveModel live;
    private final @Nullable EventRoles roles;
    private int[] items;
    private long[] times;
    private int count;
    private Map<Integer, Double> lowered;
    private boolean allKnown;

    /** Continues with events after those of {@code before}. */
    ReadEvents(LiveModel live, @Nullable EventRoles roles, UserVector before, int capacity) {
        this(live, roles, before.items().length + capacity);
        System.arraycopy(before.items(), 0, items, 0, before.items().length);
        System.arraycopy(before.times(), 0, times, 0, before.times().length);
        count = before.items().length;
        lowered = before.lowered();
        allKnown = before.stamp().allKnown();
    }

    /** Begins with no event. */
    ReadEvents(LiveModel live, @Nullable EventRoles roles, int capacity) {
        this.live = live;
        this.roles = roles;
        items = new int[capacity];
        times = live.readsTimes() ? new long[capacity] : NO_TIMES;
        lowered = Map.of();
        allKnown = true;
    }

    /** The role of an event; events that fit no rule are ignored. */
    static EventRoles.Role role(@Nullable EventRoles roles, EventType type) {
        if (roles == null) {
            return EventRoles.Role.TARGET;
        }
        EventRoles.Rule rule = roles.of(type.name(), type.value());
        return rule == null ? EventRoles.Role.IGNORED : rule.role();
    }

    /** Adds an event; returns whether it is read. */
    boolean add(String item, long time, EventType type) {
        EventRoles.Role role = role(roles, type);
        if (role == EventRoles.Role.IGNORED) {
            return false;
        }
        int index = live.index(item);
        allKnown &= index != 0;
        if (role == EventRoles.Role.NEGATIVE) {
            if (index != 0 && roles != null) {
                EventRoles.Rule rule = roles.of(type.name(), type.value());
                lower(index, rule == null ? 0 : rule.weight());
            }
            return false;
        }
        if (role == EventRoles.Role.TARGET && lowered.containsKey(index)) {
            lowered = new HashMap<>(lowered);
            lowered.remove(index);
        }
        items[count] = index;
        if (times.length > 0) {
            times[count] = time;
        }
        count++;
        return true;
    }

    /** Drops the first {@code dropped} events that are read. */
    void drop(int dropped) {
        if (dropped > 0) {
            items = Arrays.copyOfRange(items, dropped, items.length);
            times = times.length == 0 ? times : Arrays.copyOfRange(times, dropped, times.length);
            count -= dropped;
        }
    }

    private void lower(int item, double by) {
        lowered = new HashMap<>(lowered);
        lowered.merge(item, by, Double::sum);
    }

    /** The indices of the events that are read, oldest first, 0 for unknown items. */
    int[] items() {
        return Arrays.copyOf(items, count);
    }

    /** Their times in epoch microseconds; empty if the model does not read times. */
    long[] times() {
        return times.length == 0 ? NO_TIMES : Arrays.copyOf(times, count);
    }

    /** For each item of a negative event after which there was no target: by how much the logarithm of its probability is lowered. */
    Map<Integer, Double> lowered() {
        return lowered;
    }

    /** Returns whether the model knows the items of all events that are not ignored. */
    boolean allKnown() {
        return allKnown;
    }
}
