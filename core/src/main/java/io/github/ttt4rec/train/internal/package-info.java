/**
 * The encoder that turns attributes of items into vectors: {@link io.github.ttt4rec.train.internal.AttributeTraining}
 * trains it with a network, {@link io.github.ttt4rec.train.internal.AttributeEncoder} is the result.
 */
@NullMarked
package io.github.ttt4rec.train.internal;

import org.jspecify.annotations.NullMarked;
