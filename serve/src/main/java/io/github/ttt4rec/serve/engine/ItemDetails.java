package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.ItemAttributes;

/**
 * The server's data on an item.
 *
 * @param item its id
 * @param known whether the current model knows the item and can recommend it
 * @param available whether lists may contain it now: the model knows it, its availability is not switched off, it is not
 *     on the deny list, and now is within its time window
 * @param attributes its attributes; {@link ItemAttributes#NONE} if it has none
 */
public record ItemDetails(String item, boolean known, boolean available, ItemAttributes attributes) {}
