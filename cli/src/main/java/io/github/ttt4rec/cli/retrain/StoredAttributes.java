package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.catalogue.AttributeJson;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.serve.store.StoredItem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Reads the attributes of items in a server's store. */
final class StoredAttributes {
    private static final JsonMapper JSON = JsonMapper.shared();

    private StoredAttributes() {}

    /** Returns the attributes by item, in the store's order. */
    static Map<String, ItemAttributes> read(Path state) {
        Map<String, ItemAttributes> attributes = new LinkedHashMap<>();
        try (StoreLog log = StoreLog.open(state)) {
            for (StoredItem item : log.items()) {
                attributes.put(item.id(), AttributeJson.read(JSON.readTree(item.attributes()), Set.of()));
            }
        }
        return attributes;
    }
}
