/**
 * The default model: a TTT network and an output layer of logits that are added to the network's: what the user had before, tables
 * of related items, and popularity. The added logits are a linear function of a few dozen features whose weights are fitted by
 * maximum likelihood on validation cases, which neither the tables nor the network have counted. Start with {@link
 * io.github.ttt4rec.hybrid.HybridConfig}; docs/beyond.md says what each part brings.
 */
@NullMarked
package io.github.ttt4rec.hybrid;

import org.jspecify.annotations.NullMarked;
