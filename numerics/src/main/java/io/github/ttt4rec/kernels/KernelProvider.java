package io.github.ttt4rec.kernels;

/**
 * Chooses the implementation once, at class initialisation, so that the JIT compiler can inline calls through
 * {@link #ACTIVE}.
 */
final class KernelProvider {
    private static final System.Logger LOG = System.getLogger("io.github.ttt4rec");

    /**
     * Forces an implementation: {@code vector}, {@code scalar}, or the name of a class with a public static method
     * {@code wrap(Kernels)} that wraps the default implementation, for example to count operations.
     */
    static final String PROPERTY = "ttt4rec.kernels";

    static final Kernels ACTIVE = choose(System.getProperty(PROPERTY, "auto"));

    /** The same choice for the search among items; these kernels are never wrapped. */
    static final CodeKernels ACTIVE_CODES = "scalar".equals(System.getProperty(PROPERTY)) || !isVectorApiPresent()
            ? new ScalarCodeKernels()
            : new VectorCodeKernels();

    private KernelProvider() {}

    /**
     * Looks for the class rather than for a module of the boot layer, because an application may load the module after
     * its start.
     */
    private static boolean isVectorApiPresent() {
        try {
            Class.forName("jdk.incubator.vector.FloatVector", false, KernelProvider.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    private static Kernels choose(String wanted) {
        boolean present = isVectorApiPresent();
        return switch (wanted) {
            case "scalar" -> new ScalarKernels();
            case "vector" -> {
                if (!present) {
                    throw new IllegalStateException(
                            PROPERTY + "=vector, but Java was started without --add-modules jdk.incubator.vector");
                }
                yield new VectorKernels();
            }
            case "auto" -> {
                if (!present) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "slow scalar kernels: start Java with --add-modules jdk.incubator.vector to use SIMD");
                    yield new ScalarKernels();
                }
                yield new VectorKernels();
            }
            default -> wrapped(wanted);
        };
    }

    private static Kernels wrapped(String className) {
        try {
            return (Kernels)
                    Class.forName(className).getMethod("wrap", Kernels.class).invoke(null, choose("auto"));
        } catch (ReflectiveOperationException unfit) {
            throw new IllegalStateException(
                    PROPERTY + "=" + className + " is none of auto, vector, scalar, nor a class that wraps kernels",
                    unfit);
        }
    }
}
