package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.ItemAttributes;

/**
 * An item as the server knows it.
 *
 * @param item its id
 * @param known whether the model in use knows it, so that it can be recommended
 * @param attributes what the shop says of it; {@link ItemAttributes#NONE} if nothing
 */
public record ItemDetails(String item, boolean known, ItemAttributes attributes) {}
