package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.SPECIES;

/**
 * The kernels in the Vector API. Each subject is a {@code Vector…} interface of default methods, which this class joins; the
 * matrix products are in {@link VectorGemm}, the functions they all are made of in {@link Lanes}.
 */
final class VectorKernels
        implements Kernels,
                VectorMatrix,
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
