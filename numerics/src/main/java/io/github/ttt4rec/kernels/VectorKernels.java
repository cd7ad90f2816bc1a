package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.SPECIES;

/**
 * The implementation with the Vector API. Each group of kernels is a {@code Vector…} interface of default methods; this
 * class combines them. {@link VectorGemm} has the matrix products, and {@link Lanes} the shared constants.
 */
final class VectorKernels
        implements Kernels,
                VectorMatrix,
                VectorCausal,
                VectorElement,
                VectorSoftmax,
                VectorActivation,
                VectorNorm,
                VectorRecurrent,
                VectorStateSpace,
                VectorOptimizer {
    @Override
    public String name() {
        return "vector " + SPECIES.vectorBitSize() + " bit";
    }
}
