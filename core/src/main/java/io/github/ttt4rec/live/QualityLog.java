package io.github.ttt4rec.live;

import io.github.ttt4rec.internal.EventRanks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The ranks of the last events, and quality figures over them. Keeps at most {@value #CAPACITY} events. Thread-safe.
 */
public final class QualityLog {
    /** The default number of kept events. */
    public static final int CAPACITY = 10_000;

    private static final int K = 10;
    private static final double NORMAL_95 = 1.96;
    /**
     * The normal quantile of a one-sided probability of 0.0005: false alarms must be rare, because a server tests
     * often.
     */
    private static final double NORMAL_999 = 3.29;
    /**
     * The number of recent events that are compared with those before; fewer events before are too few for a
     * comparison.
     */
    private static final int RECENT = 1_000;
    /** The minimum number of users in a comparison: an interval over fewer is too narrow, and one user has none. */
    private static final int MIN_USERS = 20;

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::user).thenComparingLong(Entry::position);

    private final Entry[] ring;
    private int next;
    private long added;

    /**
     * A ranked event.
     *
     * @param user the event's user
     * @param position the event's position among the user's events, from 0
     * @param ranks the ranks of its item
     */
    public record Entry(String user, long position, EventRanks ranks) {}

    /** A group of events for which figures are computed. */
    public enum Group {
        /** All events. */
        ALL(0, Integer.MAX_VALUE),
        /** Events before which nothing was known about the user. */
        COLD(0, 1),
        /** Events before which one to nine of the user's events were known. */
        SHORT(1, 10),
        /** Events before which 10 to 49 of the user's events were known. */
        MEDIUM(10, 50),
        /** Events before which 50 or more of the user's events were known. */
        LONG(50, Integer.MAX_VALUE),
        /** Events on items without training events. */
        NEW_ITEM(0, Integer.MAX_VALUE),
        /** Events on items whose first event was less than a day before. */
        FIRST_DAY(0, Integer.MAX_VALUE);

        private final int from;
        private final int until;

        Group(int from, int until) {
            this.from = from;
            this.until = until;
        }

        private boolean has(EventRanks ranks) {
            return ranks.known() >= from
                    && ranks.known() < until
                    && (this != NEW_ITEM || ranks.untrained())
                    && (this != FIRST_DAY || ranks.firstDay());
        }
    }

    /** The source of the ranks. */
    public enum Method {
        /** The served model. */
        SERVED,
        /** The same model with frozen fast weights. */
        FROZEN,
        /** Popularity in training. */
        POPULARITY;

        private int rank(EventRanks ranks) {
            return switch (this) {
                case SERVED -> ranks.served();
                case FROZEN -> ranks.frozen();
                case POPULARITY -> ranks.popular();
            };
        }
    }

    /**
     * The figures of one method on one group; all are 0 if there are no events.
     *
     * @param events the number of ranked events
     * @param users the number of their users
     * @param hitRate HR@10
     * @param ndcg NDCG@10
     * @param reciprocalRank MRR
     * @param share the share of events whose item the model knew, so that it could be recommended
     * @param medianRank the median of the ranks, {@link EventRanks#MISS} if the model did not know half of the items
     * @param halfWidth half of NDCG@10's 95 % interval, with users as the independent units; NaN with one user
     */
    public record Figures(
            int events,
            int users,
            double hitRate,
            double ndcg,
            double reciprocalRank,
            double halfWidth,
            double share,
            int medianRank) {}

    /**
     * The difference of NDCG@10 between two methods on the same events. All figures are 0 if there are no events.
     *
     * @param events the number of events that both ranked
     * @param users the number of their users
     * @param first NDCG@10 of the first method
     * @param second NDCG@10 of the second method
     * @param halfWidth half of the 95 % interval of the second minus the first, with users as the independent units;
     *     NaN with one user
     */
    public record Difference(int events, int users, double first, double second, double halfWidth) {
        /** NDCG@10 of the second method minus that of the first. */
        public double mean() {
            return second - first;
        }
    }

    /**
     * The served model's NDCG@10 on the last events compared with the events before them. All figures are 0 if there
     * are too few events, or one of the parts has fewer than {@value #MIN_USERS} users.
     *
     * @param before the number of events before, at least {@value #RECENT}
     * @param recent the number of last events, {@value #RECENT}
     * @param ndcgBefore NDCG@10 on the events before
     * @param ndcgRecent NDCG@10 on the last events
     * @param halfWidth half of the 99.9 % interval of the difference, with users as the independent units within each
     *     part
     */
    public record Change(int before, int recent, double ndcgBefore, double ndcgRecent, double halfWidth) {
        /** Returns whether quality dropped by more than chance explains. */
        public boolean isDrop() {
            return ndcgRecent < ndcgBefore - halfWidth;
        }
    }

    /** An empty log with room for {@link #CAPACITY} events. */
    public QualityLog() {
        this(CAPACITY);
    }

    /** An empty log with room for {@code capacity} events. */
    public QualityLog(int capacity) {
        ring = new Entry[capacity];
    }

    /** Adds an event. */
    public synchronized void add(String user, long position, EventRanks ranks) {
        ring[next] = new Entry(user, position, ranks);
        next = (next + 1) % ring.length;
        added++;
    }

    /**
     * Adds an event of an earlier log.
     *
     * @param number the value of {@link #added} after the event was added to that log; above those of all events before
     */
    public synchronized void restore(long number, Entry entry) {
        add(entry.user(), entry.position(), entry.ranks());
        added = number;
    }

    /** Removes a user's events. */
    public synchronized void forget(String user) {
        List<Entry> kept = new ArrayList<>(entries(ring.length).stream()
                .filter(entry -> !entry.user().equals(user))
                .toList());
        Arrays.fill(ring, null);
        for (int i = 0; i < kept.size(); i++) {
            ring[i] = kept.get(i);
        }
        next = kept.size() % ring.length;
    }

    /** The number of events ever added, those of an earlier log included. */
    public synchronized long added() {
        return added;
    }

    /** The kept events, ordered by user and position. */
    public List<Entry> entries() {
        return entries(ring.length).stream().sorted(ORDER).toList();
    }

    private synchronized List<Entry> entries(int last) {
        List<Entry> entries = new ArrayList<>();
        for (int back = Math.min(last, ring.length); back >= 1; back--) {
            Entry entry = ring[Math.floorMod(next - back, ring.length)];
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * The figures over the last events. They do not depend on the order of these events.
     *
     * @param last the number of events; all kept events if there are fewer
     */
    public Figures figures(Method method, Group group, int last) {
        return figures(method, group, entries(last));
    }

    /**
     * The figures over consecutive blocks of {@code size} events in the order in which they were ranked. If the events
     * do not fill the blocks, the first events are left out.
     */
    public List<Figures> course(Method method, int size) {
        List<Entry> all = entries(ring.length);
        List<Figures> course = new ArrayList<>();
        for (int from = all.size() % size; from < all.size(); from += size) {
            course.add(figures(method, Group.ALL, all.subList(from, from + size)));
        }
        return course;
    }

    private static Figures figures(Method method, Group group, List<Entry> among) {
        List<Entry> entries = among.stream()
                .filter(entry -> group.has(entry.ranks()) && method.rank(entry.ranks()) > 0)
                .sorted(ORDER)
                .toList();
        int n = entries.size();
        if (n == 0) {
            return new Figures(0, 0, 0, 0, 0, 0, 0, 0);
        }
        double hits = 0;
        double gains = 0;
        double reciprocals = 0;
        int named = 0;
        for (Entry entry : entries) {
            int rank = method.rank(entry.ranks());
            hits += rank <= K ? 1 : 0;
            gains += EventRanks.gain(rank);
            reciprocals += 1.0 / rank;
            named += rank < EventRanks.MISS ? 1 : 0;
        }
        Clusters clusters = clusters(entries, gains / n, entry -> EventRanks.gain(method.rank(entry.ranks())));
        int[] ranks = entries.stream()
                .mapToInt(entry -> method.rank(entry.ranks()))
                .sorted()
                .toArray();
        return new Figures(
                n,
                clusters.users(),
                hits / n,
                gains / n,
                reciprocals / n,
                clusters.halfWidth(),
                (double) named / n,
                ranks[n / 2]);
    }

    /** Compares the last {@value #RECENT} events with those before them. */
    public Change change() {
        List<Entry> all = entries(ring.length);
        int before = all.size() - RECENT;
        if (before < RECENT) {
            return new Change(0, 0, 0, 0, 0);
        }
        Clusters earlier = gains(all.subList(0, before));
        Clusters recent = gains(all.subList(before, all.size()));
        if (Math.min(earlier.users(), recent.users()) < MIN_USERS) {
            return new Change(0, 0, 0, 0, 0);
        }
        return new Change(
                before,
                RECENT,
                earlier.mean(),
                recent.mean(),
                NORMAL_999 / NORMAL_95 * Math.hypot(earlier.halfWidth(), recent.halfWidth()));
    }

    /** The served model's mean NDCG@10 and its interval. */
    private static Clusters gains(List<Entry> entries) {
        List<Entry> sorted = entries.stream().sorted(ORDER).toList();
        double sum = 0;
        for (Entry entry : sorted) {
            sum += EventRanks.gain(entry.ranks().served());
        }
        return clusters(
                sorted,
                sum / sorted.size(),
                entry -> EventRanks.gain(entry.ranks().served()));
    }

    /** Compares the served model of this log with that of another log, on the events that both have. */
    public Difference difference(QualityLog other, Group group) {
        Map<String, Map<Long, EventRanks>> others = new HashMap<>();
        for (Entry entry : other.entries(other.ring.length)) {
            others.computeIfAbsent(entry.user(), user -> new HashMap<>()).put(entry.position(), entry.ranks());
        }
        List<Entry> entries = new ArrayList<>();
        IdentityHashMap<Entry, EventRanks> twins = new IdentityHashMap<>();
        for (Entry entry : entries()) {
            EventRanks twin = others.getOrDefault(entry.user(), Map.of()).get(entry.position());
            if (twin != null && group.has(entry.ranks())) {
                entries.add(entry);
                twins.put(entry, twin);
            }
        }
        return difference(
                entries,
                entry -> EventRanks.gain(entry.ranks().served()),
                entry ->
                        EventRanks.gain(Objects.requireNonNull(twins.get(entry)).served()));
    }

    private static Difference difference(
            List<Entry> entries, ToDoubleFunction<Entry> first, ToDoubleFunction<Entry> second) {
        int n = entries.size();
        if (n == 0) {
            return new Difference(0, 0, 0, 0, 0);
        }
        double before = entries.stream().mapToDouble(first).sum() / n;
        double after = entries.stream().mapToDouble(second).sum() / n;
        Clusters clusters =
                clusters(entries, after - before, entry -> second.applyAsDouble(entry) - first.applyAsDouble(entry));
        return new Difference(n, clusters.users(), before, after, clusters.halfWidth());
    }

    /** A mean over events, the number of users, and half of the 95 % interval of the mean, NaN with one user. */
    private record Clusters(double mean, int users, double halfWidth) {}

    /**
     * The interval of a mean over events with users as the independent units (Liang and Zeger 1986).
     *
     * @param entries ordered by user
     */
    private static Clusters clusters(List<Entry> entries, double mean, ToDoubleFunction<Entry> value) {
        int n = entries.size();
        double squares = 0;
        int users = 0;
        for (int from = 0; from < n; users++) {
            String user = entries.get(from).user();
            double deviation = 0;
            while (from < n && entries.get(from).user().equals(user)) {
                deviation += value.applyAsDouble(entries.get(from++)) - mean;
            }
            squares += deviation * deviation;
        }
        return new Clusters(mean, users, users == 1 ? Double.NaN : NORMAL_95 * Math.sqrt(squares) / n);
    }
}
