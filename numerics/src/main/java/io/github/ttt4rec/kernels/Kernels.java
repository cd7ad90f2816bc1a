package io.github.ttt4rec.kernels;

/**
 * The numeric kernels of the models; the package description states the conventions. All methods are stateless and
 * thread-safe; none allocates.
 */
public interface Kernels
        extends MatrixKernels,
                CausalKernels,
                ElementKernels,
                SoftmaxKernels,
                ActivationKernels,
                NormKernels,
                RecurrentKernels,
                StateSpaceKernels,
                OptimizerKernels {
    /** The implementation for this process: SIMD if the Vector API is present, otherwise scalar. */
    static Kernels active() {
        return KernelProvider.ACTIVE;
    }

    /** A name of the implementation for people, such as {@code vector 512 bit}. */
    String name();
}
