package io.github.ttt4rec.catalogue;

/**
 * An item and its attributes.
 *
 * @param id the item's id
 * @param attributes its attributes
 */
public record ItemRecord(String id, ItemAttributes attributes) {}
