package io.github.ttt4rec.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The attributes of all items in memory, indexed for expressions. Each item has a fixed row; an item without attributes
 * gets one when {@link #rows} first asks for it. Thread-safe: a reader sees each item either before or after a change.
 */
public final class Catalogue {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<ItemAttributes> items = new ArrayList<>();
    private final RoaringBitmap all = new RoaringBitmap();
    private final RoaringBitmap described = new RoaringBitmap();
    private final Map<String, AttributeType> types = new TreeMap<>();
    private final AttributeIndex index = new AttributeIndex();
    private long version;

    /**
     * A selection of rows.
     *
     * @param rows the rows; the caller may change the set
     * @param version the {@link #version} of the catalogue that was searched
     */
    public record Selection(RoaringBitmap rows, long version) {}

    /**
     * Rows that may not be recommended at some time.
     *
     * @param rows the rows
     * @param version the {@link #version} of the catalogue that was searched
     * @param until the time, in epoch microseconds, from which the set may differ
     */
    public record Closed(RoaringBitmap rows, long version, long until) {}

    /** The number of items with attributes, and the number per category and per value. */
    public record Counts(long items, Map<String, AttributeType> types, Map<String, Long> categories) {}

    public Catalogue() {}

    /** Declares the types of attributes. An attribute must be declared before items that have it are put. */
    public void declare(Map<String, AttributeType> more) {
        lock.writeLock().lock();
        try {
            types.putAll(more);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The type of each attribute that any item has or had; a copy. */
    public Map<String, AttributeType> types() {
        lock.readLock().lock();
        try {
            return new TreeMap<>(types);
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * The types of those attributes of the given items that are not declared yet.
     *
     * @throws InvalidAttributeException if an item has an attribute with a value of another type than the first item
     *     that had it; the message names the item
     */
    public Map<String, AttributeType> newTypes(Collection<ItemRecord> some) {
        Map<String, AttributeType> known = types();
        Map<String, AttributeType> fresh = new LinkedHashMap<>();
        for (ItemRecord item : some) {
            item.attributes().values().forEach((name, value) -> {
                AttributeType before = known.getOrDefault(name, fresh.get(name));
                if (before == null) {
                    fresh.put(name, value.type());
                } else if (before != value.type()) {
                    throw new InvalidAttributeException(
                            name + " of item '" + AttributeNames.shown(item.id()) + "'",
                            "is of type " + value.type().word() + ", but the first item with it had type "
                                    + before.word() + ": an attribute keeps its type, so take another name");
                }
            });
        }
        return fresh;
    }

    /** Sets the attributes of an item; {@link ItemAttributes#NONE} removes them. */
    public void put(String id, ItemAttributes attributes) {
        lock.writeLock().lock();
        try {
            int row = addRow(id);
            ItemAttributes kept = attributes.withoutText();
            index.remove(row, items.get(row));
            index.add(row, id, kept);
            items.set(row, kept);
            if (attributes.equals(ItemAttributes.NONE)) {
                described.remove(row);
            } else {
                described.add(row);
            }
            version++;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private int addRow(String id) {
        Integer known = rows.get(id);
        if (known != null) {
            return known;
        }
        int row = ids.size();
        ids.add(id);
        items.add(ItemAttributes.NONE);
        rows.put(id, row);
        all.add(row);
        return row;
    }

    /** The rows of the given items; an item without a row gets one. */
    public int[] rows(List<String> names) {
        lock.writeLock().lock();
        try {
            int before = ids.size();
            int[] found = names.stream().mapToInt(this::addRow).toArray();
            version += ids.size() > before ? 1 : 0;
            return found;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The id of the item of a row. */
    public String id(int row) {
        lock.readLock().lock();
        try {
            return ids.get(row);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The attributes of an item, without its long text; null if it has none. */
    public @Nullable ItemAttributes get(String id) {
        lock.readLock().lock();
        try {
            Integer row = rows.get(id);
            return row == null || !described.contains(row) ? null : items.get(row);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The number of items with attributes. */
    public long size() {
        lock.readLock().lock();
        try {
            return described.getLongCardinality();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The number of changes so far. */
    public long version() {
        lock.readLock().lock();
        try {
            return version;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The rows of the items for which an expression is true. */
    public Selection matching(Expression expression) {
        lock.readLock().lock();
        try {
            return new Selection(
                    new Evaluation(index, rows, all.getCardinality()).of(expression, all.clone()), version);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The rows of the items whose time window does not contain {@code now}, in epoch microseconds. */
    public Closed closed(long now) {
        lock.readLock().lock();
        try {
            RoaringBitmap closed = new RoaringBitmap();
            long until = Long.MAX_VALUE;
            for (int row : index.windowed().toArray()) {
                TimeWindow window = items.get(row).window();
                if (!window.contains(now)) {
                    closed.add(row);
                }
                if (window.hasFrom() && window.from() > now) {
                    until = Math.min(until, window.from());
                }
                if (window.hasUntil() && window.until() > now) {
                    until = Math.min(until, window.until());
                }
            }
            return new Closed(closed, version, until);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The number of items with attributes, per attribute and per category. */
    public Counts counts() {
        lock.readLock().lock();
        try {
            Map<String, Long> categories = new TreeMap<>();
            index.categories()
                    .forEach((category, set) -> categories.put(category.toString(), set.getLongCardinality()));
            return new Counts(described.getLongCardinality(), new TreeMap<>(types), categories);
        } finally {
            lock.readLock().unlock();
        }
    }
}
