package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.serve.store.EventStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recent activity of each item: sums over its stored events with weights that decay with age. The sums do not depend on
 * the order of arrival. They contain only items and times, no data of users. Thread-safe.
 */
final class ItemActivity {
    /** The half-life of an event's weight in the recent rate. */
    static final Duration RECENT = Duration.ofDays(1);
    /** The half-life in the long-term rate, with which the recent rate is compared. */
    static final Duration EARLIER = Duration.ofDays(14);

    private final Map<String, Sums> items = new ConcurrentHashMap<>();
    private final AtomicLong unfit = new AtomicLong();
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    /**
     * The sums of an item.
     *
     * @param time the time to which the sums have decayed, in epoch microseconds
     * @param recent the sum over its events of 2 to the power of −age / {@link #RECENT}
     * @param earlier the same with {@link #EARLIER}
     * @param first the time of its first event
     */
    private record Sums(long time, double recent, double earlier, long first) {
        Sums and(long event) {
            long start = Math.min(first, event);
            if (event <= time) {
                long age = time - event;
                return new Sums(time, recent + left(age, RECENT), earlier + left(age, EARLIER), start);
            }
            Sums now = at(event);
            return new Sums(event, now.recent + 1, now.earlier + 1, start);
        }

        Sums at(long later) {
            long age = Math.max(0, later - time);
            return new Sums(later, recent * left(age, RECENT), earlier * left(age, EARLIER), first);
        }
    }

    private static double left(long age, Duration half) {
        return Math.exp(-Math.log(2) * age / (half.toNanos() / 1e3));
    }

    /** Counts all events in a store that are read. */
    static ItemActivity of(EventStore store, @Nullable EventRoles roles) {
        ItemActivity activity = new ItemActivity();
        store.eachEvent((item, micros, type) -> {
            if (ReadEvents.role(roles, type).isRead()) {
                activity.add(item, micros);
            }
            if (roles != null && roles.of(type.name(), type.value()) == null) {
                activity.unfit.incrementAndGet();
            }
        });
        return activity;
    }

    /** The number of stored events, when this was made, that fit no rule. */
    long unfit() {
        return unfit.get();
    }

    /** Counts an event; a time in the future counts as now. */
    void add(String item, long micros) {
        long time = Math.min(micros, EventTime.nowMicros());
        items.merge(item, new Sums(time, 1, 1, time), (sums, one) -> sums.and(one.time));
        latest.accumulateAndGet(time, Math::max);
    }

    /** The time of an item's first event in epoch microseconds; {@link Long#MAX_VALUE} if there is none. */
    long first(String item) {
        Sums sums = items.get(item);
        return sums == null ? Long.MAX_VALUE : sums.first;
    }

    /**
     * Passes each item's recent growth to a consumer: the difference between recent events and the number expected from
     * the long-term rate, in standard deviations of the latter. The current time is that of the last event, so that an
     * imported log has trends too.
     */
    void growth(BiConsumer<String, Float> to) {
        double share = (double) RECENT.toNanos() / EARLIER.toNanos();
        items.forEach((item, sums) -> {
            Sums now = sums.at(latest.get());
            double expected = now.earlier * share;
            to.accept(item, (float) ((now.recent - expected) / Math.sqrt(expected + 1)));
        });
    }

    /** Passes each item's sum of events weighted by age to a consumer; see {@link #EARLIER}. */
    void frequency(BiConsumer<String, Float> to) {
        items.forEach((item, sums) -> to.accept(item, (float) sums.at(latest.get()).earlier));
    }
}
