/**
 * The default model: a TTT network with an output layer that adds terms to the network's logits for the user's earlier
 * events on an item, related items, and popularity. The terms are linear in a few dozen features, whose weights are
 * fitted by maximum likelihood on validation cases that neither the tables nor the network have seen. Start with
 * {@link io.github.ttt4rec.hybrid.HybridConfig}; docs/beyond.md shows the gain of each part.
 */
@NullMarked
package io.github.ttt4rec.hybrid;

import org.jspecify.annotations.NullMarked;
