package io.github.ttt4rec.catalogue;

/**
 * An item with what is known of it.
 *
 * @param id its id
 * @param attributes what is known
 */
public record ItemRecord(String id, ItemAttributes attributes) {}
