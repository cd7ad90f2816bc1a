package io.github.ttt4rec.serve.store;

/**
 * The attributes of an item as the store keeps them: text that only its writer reads.
 *
 * @param id the item
 * @param attributes its attributes
 * @param sound whether they match their check sum
 */
public record StoredItem(String id, String attributes, boolean sound) {
    /** Attributes to be stored. */
    public StoredItem(String id, String attributes) {
        this(id, attributes, true);
    }
}
