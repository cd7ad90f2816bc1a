/**
 * A small reverse-mode tape over coarse, fused operations. Each operation is one class with its forward and backward side
 * by side; an operation exists because a model needs it, and no general tensor framework grows here.
 *
 * <p>Legend of shapes, used everywhere: B sequences are packed one after the other without padding into N tokens
 * (positions); {@link io.github.ttt4rec.autograd.Segments} says where each begins. d is the hidden size, V the number of
 * items. A tensor is a row-major matrix {@code (rows, columns)}, mostly {@code (N, d)}. Gradients accumulate: every
 * backward ADDS to its inputs' gradients.
 */
@NullMarked
package io.github.ttt4rec.autograd;

import org.jspecify.annotations.NullMarked;
