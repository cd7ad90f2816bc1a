/**
 * The numeric kernels: matrix products, norms, activations, softmax parts, the optimiser's update. They know nothing of
 * models. There is one interface, {@link io.github.ttt4rec.kernels.Kernels}, with two implementations: the Vector API, and
 * a scalar reference that also serves where the incubator module is missing.
 *
 * <p>Conventions, stated once: matrices are row-major floats in a larger array, given as array, offset and, where rows
 * need not be adjacent, the distance between them; sizes come first; "backward" kernels ADD to the gradients they are
 * given. Every kernel sums in a fixed order, so the same input gives the same bits however often it is called and
 * whatever the just-in-time compiler does. (That rules out {@code reduceLanes(ADD)}, whose order is unspecified.)
 */
@NullMarked
package io.github.ttt4rec.kernels;

import org.jspecify.annotations.NullMarked;
