package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.EventTokens;
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
    /** Empty if the model does not read kinds. */
    private byte[] kinds;

    private long[] times;
    private int count;
    private Map<Integer, Double> lowered;
    private boolean allKnown;

    /** Continues with events after those of {@code before}. */
    ReadEvents(LiveModel live, @Nullable EventRoles roles, UserVector before, int capacity) {
        this(live, roles, before.items().length + capacity);
        System.arraycopy(before.items(), 0, items, 0, before.items().length);
        System.arraycopy(before.times(), 0, times, 0, before.times().length);
        System.arraycopy(before.kinds(), 0, kinds, 0, before.kinds().length);
        count = before.items().length;
        lowered = before.lowered();
        allKnown = before.stamp().allKnown();
    }

    /** Begins with no event. */
    ReadEvents(LiveModel live, @Nullable EventRoles roles, int capacity) {
        this.live = live;
        this.roles = roles;
        items = new int[capacity];
        kinds = new byte[live.readsKinds() ? capacity : 0];
        times = live.readsTimes() ? new long[capacity] : NO_TIMES;
        lowered = Map.of();
        allKnown = true;
    }

    /** The role of an event; events that fit no rule are ignored. */
    static EventRoles.Role role(@Nullable EventRoles roles, EventType type) {
        return role(roles, roles == null ? null : roles.of(type.name(), type.value()));
    }

    private static EventRoles.Role role(@Nullable EventRoles roles, EventRoles.@Nullable Rule rule) {
        if (roles == null) {
            return EventRoles.Role.TARGET;
        }
        return rule == null ? EventRoles.Role.IGNORED : rule.role();
    }

    /** Adds an event; returns whether it is read. */
    boolean add(String item, long time, EventType type) {
        EventRoles.Rule rule = roles == null ? null : roles.of(type.name(), type.value());
        EventRoles.Role role = role(roles, rule);
        if (role == EventRoles.Role.IGNORED) {
            return false;
        }
        int index = live.index(item);
        allKnown &= index != 0;
        if (role == EventRoles.Role.NEGATIVE) {
            if (index != 0 && rule != null) {
                lower(index, rule.weight());
            }
            return false;
        }
        if (role == EventRoles.Role.TARGET && lowered.containsKey(index)) {
            lowered = new HashMap<>(lowered);
            lowered.remove(index);
        }
        items[count] = index;
        if (kinds.length > 0 && rule != null) {
            kinds[count] = (byte) rule.kind();
        }
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
            kinds = kinds.length == 0 ? kinds : Arrays.copyOfRange(kinds, dropped, kinds.length);
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

    /** Their kinds; empty if the model does not read kinds. */
    byte[] kinds() {
        return Arrays.copyOf(kinds, Math.min(count, kinds.length));
    }

    /** The same events as the model reads them: with their kinds, if it does. */
    int[] tokens() {
        int[] tokens = items();
        for (int i = 0; i < Math.min(count, kinds.length); i++) {
            tokens[i] = tokens[i] == 0 ? 0 : EventTokens.of(tokens[i], kinds[i]);
        }
        return tokens;
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
