/**
 * Memory-based recommenders: recent popularity, item and session neighbourhoods, linear item-item models and a Markov
 * chain. Their tables are computed only from the training part of a split. The history of a scored case may include
 * later items of that user, as for every recommender under the protocol.
 *
 * <p>All of them rank items strictly: ties are broken by popularity in the training part and then by item index, and
 * items for which a method has no evidence follow in this order. So no result depends on how an evaluation treats ties.
 *
 * <p>If users rarely have an item twice, an evaluation that ranks seen items puts the neighbourhood methods at a
 * disadvantage, because the history's own items take the first places. Switch {@code remind} off on such data for a
 * fair comparison.
 */
@NullMarked
package io.github.ttt4rec.neighbour;

import org.jspecify.annotations.NullMarked;
