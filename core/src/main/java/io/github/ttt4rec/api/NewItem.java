package io.github.ttt4rec.api;

import java.util.List;

/**
 * An item added after training.
 *
 * @param id its id, new to the catalogue
 * @param similarTo ids of the items that it resembles, at least one
 */
public record NewItem(String id, List<String> similarTo) {}
