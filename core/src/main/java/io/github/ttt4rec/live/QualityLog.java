package io.github.ttt4rec.live;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The ranks of the last events and what they say about quality. Keeps at most {@value #CAPACITY} events. For any number of
 * threads.
 */
public final class QualityLog {
    /** Events kept. */
    public static final int CAPACITY = 10_000;

    private static final int K = 10;
    private static final double NORMAL_95 = 1.96;

    private final Entry[] ring;
    private int next;
    private long added;

    private record Entry(String user, long position, EventRanks ranks) {}

    /** Which events are looked at. */
    public enum Group {
        /** All. */
        ALL(0, Integer.MAX_VALUE),
        /** Nothing of the user was known. */
        COLD(0, 1),
        /** One to nine events were known. */
        SHORT(1, 10),
        /** Ten to forty-nine. */
        MEDIUM(10, 50),
        /** Fifty and more. */
        LONG(50, Integer.MAX_VALUE);

        private final int from;
        private final int until;

        Group(int from, int until) {
            this.from = from;
            this.until = until;
        }

        private boolean has(EventRanks ranks) {
            return ranks.known() >= from && ranks.known() < until;
        }
    }

    /** The source of the ranks. */
    public enum Method {
        /** The served model. */
        SERVED,
        /** The same with frozen fast weights. */
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
     * Figures of one method on one group. All are 0 without events.
     *
     * @param events events ranked
     * @param users users they belong to
     * @param hitRate HR@10
     * @param ndcg NDCG@10
     * @param reciprocalRank MRR
     * @param halfWidth half of NDCG@10's 95 % interval, with users as the independent units
     */
    public record Figures(
            int events, int users, double hitRate, double ndcg, double reciprocalRank, double halfWidth) {}

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

    /** The number of events ever added. */
    public synchronized long added() {
        return added;
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
     * The figures over the last events, which do not depend on the order in which these came.
     *
     * @param last so many events, or as many as are kept
     */
    public Figures figures(Method method, Group group, int last) {
        List<Entry> entries = entries(last).stream()
                .filter(entry -> group.has(entry.ranks()) && method.rank(entry.ranks()) > 0)
                .sorted(Comparator.comparing(Entry::user).thenComparingLong(Entry::position))
                .toList();
        int n = entries.size();
        if (n == 0) {
            return new Figures(0, 0, 0, 0, 0, 0);
        }
        double hits = 0;
        double gains = 0;
        double reciprocals = 0;
        for (Entry entry : entries) {
            int rank = method.rank(entry.ranks());
            hits += rank <= K ? 1 : 0;
            gains += gain(rank);
            reciprocals += 1.0 / rank;
        }
        double mean = gains / n;
        double squares = 0;
        int users = 0;
        for (int from = 0; from < n; users++) {
            String user = entries.get(from).user();
            double deviation = 0;
            while (from < n && entries.get(from).user().equals(user)) {
                deviation += gain(method.rank(entries.get(from++).ranks())) - mean;
            }
            squares += deviation * deviation;
        }
        return new Figures(n, users, hits / n, mean, reciprocals / n, NORMAL_95 * Math.sqrt(squares) / n);
    }

    private static double gain(int rank) {
        return rank > K ? 0 : Math.log(2) / Math.log(rank + 1.0);
    }
}
