/**
 * Recommenders without a network: recent popularity, item and sequence neighbourhoods, a Markov chain. Each is made from
 * the items of a split's training cases alone. When it scores a case, the case's history may hold later items of that
 * user, as for every recommender under the protocol.
 *
 * <p>All rank items strictly: equal scores are told apart by popularity in the training part, then by item index, and
 * items a method knows nothing about follow in that order. So no figure depends on how an evaluation treats ties.
 *
 * <p>Where users hardly ever have an item twice, an evaluation that leaves seen items in the ranking costs the neighbourhood
 * methods dearly, as their first places go to the history's own items; a trained network learns not to repeat. Switch
 * {@code remind} off there for a fair comparison.
 */
@NullMarked
package io.github.ttt4rec.neighbour;

import org.jspecify.annotations.NullMarked;
