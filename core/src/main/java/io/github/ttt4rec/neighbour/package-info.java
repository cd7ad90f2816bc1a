/**
 * Recommenders without a network: recent popularity, item and sequence neighbourhoods, a Markov chain. Each is made from
 * the items of a split's training cases alone. When it scores a case, the case's history may hold later items of that
 * user, as for every recommender under the protocol.
 *
 * <p>All rank items strictly: equal scores are told apart by popularity in the training part, then by item index, and
 * items a method knows nothing about follow in that order. So no figure depends on how an evaluation treats ties.
 *
 * <p>If users rarely have an item twice, an evaluation that ranks seen items costs the neighbourhood methods dearly, because the
 * history's own items take their first places. Switch {@code remind} off on such data for a fair comparison.
 */
@NullMarked
package io.github.ttt4rec.neighbour;

import org.jspecify.annotations.NullMarked;
