package io.github.ttt4rec.serve.store;

/**
 * The stored attributes of an item, as text that only its writer can interpret.
 *
 * @param id the item
 * @param attributes the item's attributes as text
 * @param sound whether the attributes match their checksum
 */
public record StoredItem(String id, String attributes, boolean sound) {
    /** Creates attributes to store. */
    public StoredItem(String id, String attributes) {
        this(id, attributes, true);
    }
}
