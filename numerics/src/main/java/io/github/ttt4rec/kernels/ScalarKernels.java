package io.github.ttt4rec.kernels;

/**
 * The scalar implementation in plain loops: the reference for testing the vector kernels, and the fallback if the
 * incubator module is missing. Reductions use double, because accuracy matters more here than speed. Each group of
 * kernels is a {@code Scalar…} interface of default methods; this class combines them.
 */
final class ScalarKernels
        implements Kernels,
                ScalarMatrix,
                ScalarCausal,
                ScalarElement,
                ScalarSoftmax,
                ScalarActivation,
                ScalarNorm,
                ScalarRecurrent,
                ScalarStateSpace,
                ScalarOptimizer {
    @Override
    public String name() {
        return "scalar";
    }
}
