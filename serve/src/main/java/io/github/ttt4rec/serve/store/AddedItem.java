package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * An item that was added to the catalogue between two trainings.
 *
 * @param id its id
 * @param similarTo the items it is like
 */
public record AddedItem(String id, List<String> similarTo) {}
