/**
 * The numeric kernels: matrix products, norms, activations, parts of softmax, and the optimiser's update. They do not
 * depend on models. The interface {@link io.github.ttt4rec.kernels.Kernels} has two implementations: one with the
 * Vector API, and a scalar reference that is also the fallback if the incubator module is missing.
 *
 * <p>Conventions: matrices are row-major floats in a larger array, given by the array, an offset and, if rows need not
 * be adjacent, the distance between them. Sizes are the first arguments. "Backward" kernels ADD to the gradients they
 * are given. Every kernel sums in a fixed order, so the same input gives the same bits, independently of the number of
 * calls and of the just-in-time compiler. (This rules out {@code reduceLanes(ADD)}, whose order is unspecified.)
 */
@NullMarked
package io.github.ttt4rec.kernels;

import org.jspecify.annotations.NullMarked;
