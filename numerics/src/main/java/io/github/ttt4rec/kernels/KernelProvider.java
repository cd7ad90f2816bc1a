package io.github.ttt4rec.kernels;

/** Chooses the implementation once, at class initialisation, so that calls through {@link #ACTIVE} can be inlined. */
final class KernelProvider {
    private static final System.Logger LOG = System.getLogger("io.github.ttt4rec");

    /**
     * Forces an implementation: {@code vector}, {@code scalar}, or the name of a class with a public static method
     * {@code wrap(Kernels)} that puts something around those of {@code auto}, such as what counts their operations.
     */
    static final String PROPERTY = "ttt4rec.kernels";

    static final Kernels ACTIVE = choose(System.getProperty(PROPERTY, "auto"));

    /** The same choice for the search among items; nothing is put around these. */
    static final CodeKernels ACTIVE_CODES = "scalar".equals(System.getProperty(PROPERTY)) || !isVectorApiPresent()
            ? new ScalarCodeKernels()
            : new VectorCodeKernels();

    private KernelProvider() {}

    /** Asks for the class, not the boot layer's modules: an application may load the module after its start. */
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
