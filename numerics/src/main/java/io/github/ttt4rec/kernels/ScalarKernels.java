package io.github.ttt4rec.kernels;

/**
 * The kernels in plain loops: the reference that the vector kernels are tested against, and the fallback where the
 * incubator module is missing. Reductions run in double: being right matters more here than being fast. Each subject is a
 * {@code Scalar…} interface of default methods, which this class joins.
 */
final class ScalarKernels
        implements Kernels,
                ScalarMatrix,
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
