package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * An item that was added to the catalogue after the training.
 *
 * @param id the item's id
 * @param similarTo the items that it is similar to
 */
public record AddedItem(String id, List<String> similarTo) {}
