package io.github.ttt4rec.internal;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts of related items that are updated event by event, in addition to a model's trained tables. All sums are whole
 * numbers, so that they depend only on each user's sequence of events and not on the interleaving of users, and so that
 * an event can be removed exactly. Items are identified by their ids and need not belong to any model.
 *
 * <p>One thread at a time changes the tables. Any number of threads may read them meanwhile through a {@link View}, and
 * see each row either before or after a change.
 */
public final class LearnedTables {
    /** The number of preceding events that an event is related to. */
    public static final int WINDOW = 10;

    /** The maximum number of related items in a row. */
    static final int ROW = 20;
    /**
     * The sum of one transition at distance 1: the least common multiple of the distances up to {@link #WINDOW}, so
     * that every UNIT/distance is a whole number.
     */
    public static final int UNIT = 2520;

    private final Map<String, Item> items = new HashMap<>();
    private final List<Item> byNumber = new ArrayList<>();
    /** The views that may still be in use, which must learn about new items. */
    private final List<WeakReference<View>> views = new ArrayList<>();

    /** A kind of count for ordered pairs of items. */
    enum Kind {
        /**
         * {@link #UNIT}/distance, summed over the times that the second item follows the first within {@link #WINDOW}
         * events.
         */
        TRANSITION,
        /** The number of times that the second item directly follows the first. */
        SUCCESSION,
        /**
         * The number of users whose first event on one of the items follows the other item within {@link #WINDOW}
         * events.
         */
        TOGETHER;

        private static final int COUNT = values().length;

        @SuppressWarnings("EnumOrdinal") // The column of its sums. It exists only in memory, not in files.
        private int column() {
            return ordinal();
        }
    }

    /**
     * The items most related to an item. Immutable; changes replace the row.
     *
     * @param numbers the numbers of the items in the tables
     * @param sums the sums of the items, above 0
     */
    public record Row(int[] numbers, int[] sums) {
        static final Row EMPTY = new Row(new int[0], new int[0]);

        /** The number of related items. */
        public int size() {
            return numbers.length;
        }

        private int placeOf(int number) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == number) {
                    return i;
                }
            }
            return -1;
        }

        private Row with(int place, int number, int sum) {
            int size = Math.max(numbers.length, place + 1);
            Row row = new Row(Arrays.copyOf(numbers, size), Arrays.copyOf(sums, size));
            row.numbers[place] = number;
            row.sums[place] = sum;
            return row;
        }
    }

    /** An item and its sums with other items, in an open-addressing hash table. */
    private final class Item {
        private final String id;
        private final int number;
        /** Orders items with equal sums independently of their numbers. */
        private final long order;

        private final AtomicReferenceArray<Row> rows =
                new AtomicReferenceArray<>(new Row[] {Row.EMPTY, Row.EMPTY, Row.EMPTY});
        /** The numbers of the other items plus 1; 0 for a free slot. */
        private int[] keys = new int[8];

        private int[] sums = new int[8 * Kind.COUNT];
        private int filled;
        private volatile int events;
        private volatile int users;

        Item(String id, int number) {
            this.id = id;
            this.number = number;
            long hash = 0xcbf29ce484222325L;
            for (int i = 0; i < id.length(); i++) {
                hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
            }
            order = hash;
        }

        Row row(Kind kind) {
            return rows.getAcquire(kind.column());
        }

        void change(Kind kind, Item other, int by) {
            int place = place(other.number);
            int sum = sums[place * Kind.COUNT + kind.column()] += by;
            Row row = row(kind);
            int shown = row.placeOf(other.number);
            Row next = row;
            if (by < 0) {
                next = shown < 0 ? row : best(kind);
            } else if (shown >= 0) {
                next = row.with(shown, other.number, sum);
            } else if (row.size() < ROW) {
                next = row.with(row.size(), other.number, sum);
            } else {
                int worst = worst(row);
                if (isBetter(other, sum, byNumber.get(row.numbers[worst]), row.sums[worst])) {
                    next = row.with(worst, other.number, sum);
                }
            }
            rows.setRelease(kind.column(), next);
        }

        private int place(int other) {
            int place = find(keys, other);
            if (keys[place] == 0) {
                if (3 * ++filled > 2 * keys.length) {
                    grow();
                    place = find(keys, other);
                }
                keys[place] = other + 1;
            }
            return place;
        }

        private static int find(int[] keys, int other) {
            int mask = keys.length - 1;
            int place = (other * 0x9E3779B9) >>> 7 & mask;
            while (keys[place] != 0 && keys[place] != other + 1) {
                place = place + 1 & mask;
            }
            return place;
        }

        private void grow() {
            int[] more = new int[2 * keys.length];
            int[] moreSums = new int[more.length * Kind.COUNT];
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != 0) {
                    int place = find(more, keys[i] - 1);
                    more[place] = keys[i];
                    System.arraycopy(sums, i * Kind.COUNT, moreSums, place * Kind.COUNT, Kind.COUNT);
                }
            }
            keys = more;
            sums = moreSums;
        }

        private int worst(Row row) {
            int worst = 0;
            for (int i = 1; i < row.size(); i++) {
                if (isBetter(
                        byNumber.get(row.numbers[worst]), row.sums[worst], byNumber.get(row.numbers[i]), row.sums[i])) {
                    worst = i;
                }
            }
            return worst;
        }

        private Row best(Kind kind) {
            Row best = Row.EMPTY;
            for (int i = 0; i < keys.length; i++) {
                int sum = sums[i * Kind.COUNT + kind.column()];
                if (keys[i] == 0 || sum == 0) {
                    continue;
                }
                if (best.size() < ROW) {
                    best = best.with(best.size(), keys[i] - 1, sum);
                } else {
                    int worst = worst(best);
                    if (isBetter(byNumber.get(keys[i] - 1), sum, byNumber.get(best.numbers[worst]), best.sums[worst])) {
                        best = best.with(worst, keys[i] - 1, sum);
                    }
                }
            }
            return best;
        }

        /** The positive sums by the other item's id, and the current rows. */
        private Map<String, Object> snapshot() {
            Map<String, Object> all = new TreeMap<>();
            if (events != 0 || users != 0) {
                all.put("events, users", List.of(events, users));
            }
            for (Kind kind : Kind.values()) {
                SortedMap<String, Integer> counted = new TreeMap<>();
                for (int i = 0; i < keys.length; i++) {
                    int sum = sums[i * Kind.COUNT + kind.column()];
                    if (keys[i] != 0 && sum != 0) {
                        counted.put(byNumber.get(keys[i] - 1).id, sum);
                    }
                }
                SortedMap<String, Integer> offered = new TreeMap<>();
                Row row = row(kind);
                for (int i = 0; i < row.size(); i++) {
                    offered.put(byNumber.get(row.numbers[i]).id, row.sums[i]);
                }
                if (!counted.isEmpty()) {
                    all.put(kind + " counted", counted);
                    all.put(kind + " offered", offered);
                }
            }
            return all;
        }
    }

    private static boolean isBetter(Item item, int sum, Item than, int thanSum) {
        if (sum != thanSum) {
            return sum > thanSum;
        }
        return item.order != than.order ? item.order < than.order : item.id.compareTo(than.id) < 0;
    }

    public LearnedTables() {}

    /** The number of an item; it is assigned on first use and never changes. */
    public synchronized int number(String id) {
        return item(id).number;
    }

    private Item item(String id) {
        Item known = items.get(id);
        if (known == null) {
            known = new Item(id, byNumber.size());
            items.put(id, known);
            byNumber.add(known);
            for (WeakReference<View> each : views) {
                View view = each.get();
                if (view != null) {
                    view.bind(known);
                }
            }
        }
        return known;
    }

    /**
     * Counts an event, or removes one that was counted.
     *
     * @param history the numbers of the items of the user's events
     * @param at the position of the event in the history
     * @param first whether no earlier event of the user has its item
     * @param sign 1 to count the event, −1 to remove it
     */
    public synchronized void change(int[] history, int at, boolean first, int sign) {
        Item item = byNumber.get(history[at]);
        item.events += sign;
        item.users += first ? sign : 0;
        int oldest = Math.max(0, at - WINDOW);
        for (int place = at - 1; place >= oldest; place--) {
            Item before = byNumber.get(history[place]);
            before.change(Kind.TRANSITION, item, sign * (UNIT / (at - place)));
            if (place == at - 1) {
                before.change(Kind.SUCCESSION, item, sign);
            }
            if (first && before.number != item.number && !isAmong(history, place + 1, at, history[place])) {
                before.change(Kind.TOGETHER, item, sign);
                item.change(Kind.TOGETHER, before, sign);
            }
        }
    }

    private static boolean isAmong(int[] history, int from, int to, int item) {
        for (int i = from; i < to; i++) {
            if (history[i] == item) {
                return true;
            }
        }
        return false;
    }

    /** The ids of all items with a number, sorted. */
    public synchronized List<String> items() {
        return items.keySet().stream().sorted().toList();
    }

    /** The number of users who had an item. */
    public synchronized int users(int number) {
        return byNumber.get(number).users;
    }

    /** The items of {@code known} that most users had together with one item, best first, at most {@code count}. */
    public synchronized List<String> together(int number, Predicate<String> known, int count) {
        Row row = byNumber.get(number).row(Kind.TOGETHER);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            if (known.test(byNumber.get(row.numbers()[i]).id)) {
                places.add(i);
            }
        }
        places.sort((one, other) -> isBetter(
                        byNumber.get(row.numbers()[one]),
                        row.sums()[one],
                        byNumber.get(row.numbers()[other]),
                        row.sums()[other])
                ? -1
                : 1);
        return places.stream()
                .limit(count)
                .map(place -> byNumber.get(row.numbers()[place]).id)
                .toList();
    }

    /** All counts by item. Two tables with the same counts have equal snapshots. */
    public synchronized Map<String, Map<String, Object>> snapshot() {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (Item item : byNumber) {
            Map<String, Object> sums = item.snapshot();
            if (!sums.isEmpty()) {
                all.put(item.id, sums);
            }
        }
        return all;
    }

    /**
     * A view of the tables by the item indices of a model.
     *
     * @param catalogue maps an item's id to its index, from 1, or to 0 if the model does not know it
     * @param size the number of items of the model
     */
    public synchronized View view(ToIntFunction<String> catalogue, int size) {
        View view = new View(catalogue, size);
        byNumber.forEach(view::bind);
        views.removeIf(each -> each.get() == null);
        views.add(new WeakReference<>(view));
        return view;
    }

    /** Reads the tables by the item indices of a model. Thread-safe. */
    public static final class View {
        private final ToIntFunction<String> catalogue;
        private final AtomicReferenceArray<@Nullable Item> byIndex;
        /** The model's index of each item by its number. */
        private volatile int[] indices = new int[16];

        private View(ToIntFunction<String> catalogue, int size) {
            this.catalogue = catalogue;
            byIndex = new AtomicReferenceArray<>(size + 1);
        }

        /** Must be called before a row contains the item. */
        private void bind(Item item) {
            int index = catalogue.applyAsInt(item.id);
            if (index != 0) {
                int[] larger = item.number < indices.length ? indices : Arrays.copyOf(indices, 2 * item.number);
                larger[item.number] = index;
                indices = larger;
                byIndex.setRelease(index, item);
            }
        }

        /** The model's index of the item with a number; 0 if the model does not know it. */
        public int index(int number) {
            int[] now = indices;
            return number < now.length ? now[number] : 0;
        }

        /** The number of live events of an item, by the model's index. */
        public int events(int index) {
            Item item = byIndex.getAcquire(index);
            return item == null ? 0 : item.events;
        }

        /** The number of users with live events on an item, by the model's index. */
        public int users(int index) {
            Item item = byIndex.getAcquire(index);
            return item == null ? 0 : item.users;
        }

        /** The items that follow an item within {@link #WINDOW} events, each with its sum of {@link #UNIT}/distance. */
        public Row transitions(int index) {
            return row(index, Kind.TRANSITION);
        }

        /** The items that directly follow an item, each with the number of times. */
        public Row successions(int index) {
            return row(index, Kind.SUCCESSION);
        }

        /** The items near an item, each with the number of users. */
        public Row together(int index) {
            return row(index, Kind.TOGETHER);
        }

        private Row row(int index, Kind kind) {
            Item item = byIndex.getAcquire(index);
            return item == null ? Row.EMPTY : item.row(kind);
        }
    }
}
