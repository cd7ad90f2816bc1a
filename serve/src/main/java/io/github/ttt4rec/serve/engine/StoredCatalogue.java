package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.AttributeJson;
import io.github.ttt4rec.catalogue.AttributeType;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoredItem;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** The items' attributes, durable in the store and all in memory for filters. Thread-safe. */
final class StoredCatalogue {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** The number of items to read or write at a time. */
    private static final int BATCH = 1_000;

    private final EventStore store;
    private final Catalogue catalogue = new Catalogue();
    /** Held while attributes change, so that memory changes in the same order as the store. */
    private final ReentrantLock changing = new ReentrantLock();

    /** Reads all attributes in {@code store}. */
    StoredCatalogue(EventStore store) {
        this.store = store;
        Map<String, AttributeType> types = new HashMap<>();
        store.attributeTypes().forEach((name, word) -> types.put(name, type(word)));
        catalogue.declare(types);
        forEach(item -> catalogue.put(item.id(), attributes(item)));
    }

    private static AttributeType type(String word) {
        return Stream.of(AttributeType.values())
                .filter(type -> type.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new UserFacingException("the event store has an attribute of the unknown type '" + word + "'"));
    }

    /** Returns the attributes in memory. */
    Catalogue catalogue() {
        return catalogue;
    }

    /**
     * Sets the attributes of items, all or none, durably; they apply at once.
     *
     * @throws UserFacingException if an attribute has a different type than before
     */
    void put(List<ItemRecord> items) {
        changing.lock();
        try {
            Map<String, AttributeType> fresh = catalogue.newTypes(items);
            Map<String, String> words = new HashMap<>();
            fresh.forEach((name, type) -> words.put(name, type.word()));
            store.putItems(
                    items.stream()
                            .map(item -> new StoredItem(item.id(), json(item.attributes())))
                            .toList(),
                    words);
            catalogue.declare(fresh);
            items.forEach(item -> catalogue.put(item.id(), item.attributes()));
        } finally {
            changing.unlock();
        }
    }

    /** Sets the attributes of the items whose stored attributes differ, and returns their number. */
    int putChanged(List<ItemRecord> items) {
        int changed = 0;
        for (int from = 0; from < items.size(); from += BATCH) {
            List<ItemRecord> differing = items.subList(from, Math.min(items.size(), from + BATCH)).stream()
                    .filter(item -> !json(item.attributes())
                            .equals(store.item(item.id())
                                    .filter(StoredItem::sound)
                                    .map(StoredItem::attributes)
                                    .orElse("")))
                    .toList();
            if (!differing.isEmpty()) {
                put(differing);
                changed += differing.size();
            }
        }
        return changed;
    }

    /** Removes the attributes of an item durably; returns false if it has none. Applies at once. */
    boolean remove(String item) {
        changing.lock();
        try {
            boolean had = store.removeItem(item);
            if (had) {
                catalogue.put(item, ItemAttributes.NONE);
            }
            return had;
        } finally {
            changing.unlock();
        }
    }

    /** Returns the attributes of an item with its long text; null if it has none. */
    @Nullable ItemAttributes get(String item) {
        Optional<StoredItem> stored = store.item(item);
        return stored.filter(StoredItem::sound).map(StoredCatalogue::attributes).orElse(null);
    }

    /** Returns the attributes, with the long text, of the items that have some and are wanted. */
    Map<String, ItemAttributes> withText(Predicate<String> wanted) {
        Map<String, ItemAttributes> found = new LinkedHashMap<>();
        forEach(item -> {
            if (wanted.test(item.id())) {
                found.put(item.id(), attributes(item));
            }
        });
        return found;
    }

    /** Passes on the stored items that are not damaged, a page at a time. */
    private void forEach(Consumer<StoredItem> action) {
        for (List<StoredItem> page = store.items("", BATCH);
                !page.isEmpty();
                page = store.items(page.getLast().id(), BATCH)) {
            page.stream().filter(StoredItem::sound).forEach(action);
        }
    }

    /** Returns the next items after {@code after} with all their attributes. */
    List<ItemRecord> page(String after, int count) {
        List<ItemRecord> items = new ArrayList<>();
        for (StoredItem item : store.items(after, count)) {
            items.add(new ItemRecord(item.id(), item.sound() ? attributes(item) : ItemAttributes.NONE));
        }
        return items;
    }

    private static ItemAttributes attributes(StoredItem item) {
        return AttributeJson.read(JSON.readTree(item.attributes()), Set.of());
    }

    private static String json(ItemAttributes attributes) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            AttributeJson.write(json, attributes);
            json.writeEndObject();
        }
        return text.toString();
    }
}
