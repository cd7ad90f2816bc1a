package io.github.ttt4rec.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Counts of items within the contexts of events, such as a country, by day, and the popularity that follows from them.
 * Counts are whole numbers and weights of days are fixed-point numbers, so that neither depends on the order of events
 * and an event can be removed exactly. Items are identified by their ids and need not belong to any model. Thread-safe.
 *
 * <p>With n(v) events of item v, N events in all, each weighted by 2 to the power of −age / half-life, and the share
 * t(v) of the item among the training events, the overall share of the item is {@code p(v) = (n(v) + a t(v)) / (N + a)}.
 * Within a context c it is {@code p(v | c) = (n(v, c) + b p(v)) / (N(c) + b)}: Dirichlet smoothing with the overall
 * shares as prior, so that a context with few events has almost the overall popularity. With several contexts the share
 * is the mean over them. (A product, as of independent contexts, adds up the noise of contexts that do not matter.)
 */
public final class ContextCounts {
    /** The weight of the training counts, a, in events. */
    public static final double TRAINING_EVENTS = 100;
    /** The weight of the overall shares within a context, b, in events. */
    public static final double PRIOR_EVENTS = 100;
    /** The age at which an event counts half, in days. */
    public static final double HALF_LIFE_DAYS = 14;

    private static final long DAY = TimeUnit.DAYS.toMicros(1);
    /** The weight of an event of today. */
    private static final double UNIT = 1L << 32;

    private final double priorEvents;
    private final long[] weights;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Cells> contexts = new HashMap<>();
    private final Cells all = new Cells();
    private String[] ids = new String[16];

    /** The numbers of events by item and day, in an open-addressing hash table. */
    private static final class Cells {
        /** The item's number plus 1 in the upper half, the day in the lower; 0 for a free slot. */
        private long[] keys = new long[8];

        private int[] counts = new int[8];
        private int filled;
        private int events;

        void change(int item, int day, int by) {
            long key = ((item + 1L) << Integer.SIZE) | Integer.toUnsignedLong(day);
            int place = find(keys, key);
            if (keys[place] == 0) {
                if (3 * ++filled > 2 * keys.length) {
                    rehash();
                    place = find(keys, key);
                }
                keys[place] = key;
            }
            counts[place] += by;
            events += by;
        }

        private static int find(long[] keys, long key) {
            int mask = keys.length - 1;
            int place = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
            while (keys[place] != 0 && keys[place] != key) {
                place = place + 1 & mask;
            }
            return place;
        }

        /** Grows the table, and leaves out cells without events. */
        private void rehash() {
            int used = (int) Arrays.stream(counts).filter(count -> count != 0).count();
            long[] larger = new long[Math.max(8, Integer.highestOneBit(used + 1) << 2)];
            int[] largerCounts = new int[larger.length];
            for (int i = 0; i < keys.length; i++) {
                if (counts[i] != 0) {
                    int place = find(larger, keys[i]);
                    larger[place] = keys[i];
                    largerCounts[place] = counts[i];
                }
            }
            keys = larger;
            counts = largerCounts;
            filled = used + 1;
        }

        int item(int place) {
            return (int) (keys[place] >>> Integer.SIZE) - 1;
        }

        int day(int place) {
            return (int) keys[place];
        }

        int latestDay() {
            int latest = Integer.MIN_VALUE;
            for (int i = 0; i < keys.length; i++) {
                latest = counts[i] > 0 ? Math.max(latest, day(i)) : latest;
            }
            return latest;
        }
    }

    /**
     * The overall popularity.
     *
     * @param today the day to which events have aged
     * @param shares the share of each item of a model, {@code V + 1}, all above 0 except entry 0; not a copy
     */
    public record Overall(int today, double[] shares) {}

    /**
     * The popularity within contexts.
     *
     * @param items the model's indices of the items with events in one of the contexts
     * @param shares their shares, parallel to {@code items}
     * @param rest the factor by which the overall share of each other item is multiplied
     */
    public record Within(int[] items, double[] shares, double rest) {}

    /** No events yet. */
    public ContextCounts() {
        this(HALF_LIFE_DAYS, PRIOR_EVENTS);
    }

    /**
     * The same with other settings, to compare them.
     *
     * @param halfLifeDays the age at which an event counts half, in days
     * @param priorEvents the weight of the overall shares within a context, in events
     */
    public ContextCounts(double halfLifeDays, double priorEvents) {
        this.priorEvents = priorEvents;
        int days = (int) Math.min(100_000, Math.ceil(33 * halfLifeDays));
        weights = new long[days];
        for (int age = 0; age < days; age++) {
            weights[age] = Math.round(UNIT * StrictMath.pow(2, -age / halfLifeDays));
        }
    }

    /** The day of a time in epoch microseconds. */
    public static int day(long micros) {
        long day = Math.floorDiv(micros, DAY);
        return Math.clamp(day, Integer.MIN_VALUE / 2, Integer.MAX_VALUE / 2);
    }

    /**
     * Counts an event, or removes one that was counted.
     *
     * @param of the contexts of the event, such as {@code country=DE}
     * @param day see {@link #day}
     * @param sign 1 to count the event, −1 to remove it
     */
    public synchronized void change(Collection<String> of, String item, int day, int sign) {
        int number = number(item);
        all.change(number, day, sign);
        for (String context : of) {
            Cells cells = contexts.computeIfAbsent(context, first -> new Cells());
            cells.change(number, day, sign);
            if (cells.events == 0) {
                contexts.remove(context);
            }
        }
    }

    private int number(String item) {
        Integer known = numbers.get(item);
        if (known == null) {
            known = numbers.size();
            if (known == ids.length) {
                ids = Arrays.copyOf(ids, 2 * known);
            }
            ids[known] = item;
            numbers.put(item, known);
        }
        return known;
    }

    /** Returns those of the given contexts that have events, in their order. */
    public synchronized List<String> counted(List<String> of) {
        return of.stream().filter(contexts::containsKey).toList();
    }

    /**
     * Returns the overall popularity of a model's items. Events in the future count as today's. If the last event is
     * before {@code now}, its day is taken for today, so that the events of an old log have not all faded.
     *
     * @param now epoch microseconds
     * @param training the number of training events of each item, {@code V + 1}
     * @param index maps an item's id to its index, from 1, or to 0 if the model does not know it
     */
    public synchronized Overall overall(long now, long[] training, ToIntFunction<String> index) {
        int today = Math.min(day(now), all.latestDay());
        double[] events = new double[training.length];
        double sum = sums(all, today, index, events);
        double trained = 0;
        for (int v = 1; v < training.length; v++) {
            trained += training[v] + 0.5;
        }
        double[] shares = new double[training.length];
        for (int v = 1; v < training.length; v++) {
            // Half an event more, so that every item has a share.
            double share = (training[v] + 0.5) / trained;
            shares[v] = (events[v] + TRAINING_EVENTS * share) / (sum + TRAINING_EVENTS);
        }
        return new Overall(today, shares);
    }

    /** Returns the popularity of a model's items within contexts; leaves out those without events. */
    public synchronized Within within(List<String> of, Overall overall, ToIntFunction<String> index) {
        double[] shares = new double[overall.shares.length];
        double rest = 0;
        long number = of.stream().filter(contexts::containsKey).count();
        if (number == 0) {
            return new Within(new int[0], new double[0], 1);
        }
        boolean[] any = new boolean[shares.length];
        double[] events = new double[shares.length];
        for (String context : of) {
            Cells cells = contexts.get(context);
            if (cells == null) {
                continue;
            }
            Arrays.fill(events, 0);
            double sum = sums(cells, overall.today, index, events);
            double scale = 1 / (number * (sum + priorEvents));
            rest += priorEvents * scale;
            for (int v = 1; v < shares.length; v++) {
                any[v] |= events[v] > 0;
                shares[v] += (events[v] + priorEvents * overall.shares[v]) * scale;
            }
        }
        int[] items = new int[shares.length];
        int count = 0;
        for (int v = 1; v < shares.length; v++) {
            if (any[v]) {
                shares[count] = shares[v];
                items[count++] = v;
            }
        }
        return new Within(Arrays.copyOf(items, count), Arrays.copyOf(shares, count), rest);
    }

    /** Adds up the weighted events of each known item, and returns their sum. */
    private double sums(Cells cells, int today, ToIntFunction<String> index, double[] to) {
        long[] ofNumber = new long[numbers.size()];
        for (int i = 0; i < cells.keys.length; i++) {
            if (cells.counts[i] != 0) {
                long age = Math.max(0L, (long) today - cells.day(i));
                ofNumber[cells.item(i)] += age < weights.length ? weights[(int) age] * cells.counts[i] : 0;
            }
        }
        long sum = 0;
        for (int number = 0; number < ofNumber.length; number++) {
            int v = ofNumber[number] == 0 ? 0 : index.applyAsInt(ids[number]);
            if (v != 0) {
                sum += ofNumber[number];
                to[v] = ofNumber[number] / UNIT;
            }
        }
        return sum / UNIT;
    }

    /** All counts, by context, item and day; "" has those of all events. Equal counts have equal snapshots. */
    public synchronized Map<String, Map<String, Map<Integer, Integer>>> snapshot() {
        Map<String, Map<String, Map<Integer, Integer>>> snapshot = new TreeMap<>();
        contexts.forEach((context, cells) -> snapshot.put(context, snapshot(cells)));
        if (all.events > 0) {
            snapshot.put("", snapshot(all));
        }
        return snapshot;
    }

    private Map<String, Map<Integer, Integer>> snapshot(Cells cells) {
        Map<String, Map<Integer, Integer>> byItem = new TreeMap<>();
        for (int i = 0; i < cells.keys.length; i++) {
            if (cells.counts[i] != 0) {
                byItem.computeIfAbsent(ids[cells.item(i)], item -> new TreeMap<>())
                        .put(cells.day(i), cells.counts[i]);
            }
        }
        return byItem;
    }
}
