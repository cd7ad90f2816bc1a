package io.github.ttt4rec.serve.store;

/**
 * An item's attributes as they are stored.
 *
 * @param id the item
 * @param attributes a JSON object
 */
public record StoredItem(String id, String attributes) {}
