/**
 * Reverse-mode automatic differentiation with a small tape and coarse, fused operations. Each operation is a class with
 * its forward and backward pass. Operations are added only when a model needs them; this is not a general tensor
 * framework.
 *
 * <p>Shapes use these symbols everywhere: B sequences are packed without padding into N tokens (positions), and
 * {@link io.github.ttt4rec.autograd.Segments} holds their boundaries; d is the hidden size and V the number of items. A
 * tensor is a row-major matrix {@code (rows, columns)}, mostly {@code (N, d)}. Gradients accumulate: every backward
 * pass ADDS to the gradients of its inputs.
 */
@NullMarked
package io.github.ttt4rec.autograd;

import org.jspecify.annotations.NullMarked;
