package io.github.ttt4rec.api;

import java.util.List;

/**
 * An item that came after training.
 *
 * @param id its id, new to the catalogue
 * @param similarTo ids of items that it is like, at least one
 */
public record NewItem(String id, List<String> similarTo) {}
