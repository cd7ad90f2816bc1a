package io.github.ttt4rec.terminal;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes the Vector API available without the line "WARNING: Using incubator modules" that
 * {@code --add-modules jdk.incubator.vector} prints before every command's output and that no option turns off.
 *
 * <p>The JDK can load one of its own modules after start, which it does for agents; the JIT compiler then treats the
 * module as if it had been loaded at start. The jar's manifest exports that internal API by
 * {@code Add-Exports: java.base/jdk.internal.module}. Using an internal API is no worse than using the incubator
 * module: both bind this program to one version of the JDK.
 */
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Loads the module unless it is already loaded. Prints a warning if the JVM was started neither from the jar nor
     * with {@code --add-modules}: the kernels work without the module, but more slowly.
     */
    public static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
        } catch (IllegalAccessException e) {
            System.err.println("ttt4rec: no Vector API, so this will be slow: start it by ./ttt4rec, or give java"
                    + " --add-modules " + NAME);
        } catch (ClassNotFoundException | NoSuchMethodException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "this JDK, " + Runtime.version() + ", cannot load " + NAME + " after its start", e);
        }
    }
}
