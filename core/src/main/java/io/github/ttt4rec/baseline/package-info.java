/**
 * Recommenders to compare TTT4Rec with.
 *
 * <p>The published networks, as RecBole computes them: its parameter names, initialisation and defaults, with d = 64. They
 * are trained, evaluated and served like any other {@link io.github.ttt4rec.model.SequenceModel}.
 *
 * <p>Recommenders without a network: recent popularity, item and sequence neighbourhoods, a Markov chain. Each is made from
 * the items of a split's training cases alone. When it scores a case, the case's history may hold later items of that
 * user, as for every recommender under the protocol. All of these rank items strictly: equal scores are told apart by
 * popularity in the training part, then by item index, and items a method knows nothing about follow in that order. So no
 * figure depends on how an evaluation treats ties.
 */
@NullMarked
package io.github.ttt4rec.baseline;

import org.jspecify.annotations.NullMarked;
