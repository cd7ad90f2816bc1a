package io.github.ttt4rec.kernels;

/**
 * The numeric kernels of the models. See the package description for the conventions. All methods are stateless and safe
 * for any number of threads; none allocates.
 */
public interface Kernels
        extends MatrixKernels,
                ElementKernels,
                SoftmaxKernels,
                ActivationKernels,
                NormKernels,
                RecurrentKernels,
                StateSpaceKernels,
                OptimizerKernels {
    /** The implementation chosen for this process: SIMD where the Vector API is present, else scalar. */
    static Kernels active() {
        return KernelProvider.ACTIVE;
    }

    /** For people: which implementation this is, such as {@code vector 512 bit}. */
    String name();
}
