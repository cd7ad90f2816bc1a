package io.github.ttt4rec.terminal;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes the Vector API available without the line "WARNING: Using incubator modules" that
 * {@code --add-modules jdk.incubator.vector} prints before every command's output and that no option turns off.
 *
 * <p>The JDK has a way to load one of its own modules after start, which it uses for its agents; the JIT compiler then
 * treats the module as if it had been there from the start. The jar's manifest opens that way by
 * {@code Add-Exports: java.base/jdk.internal.module}. It is internal to the JDK, which is no worse than the incubator
 * module itself: both bind this program to one version of the JDK.
 */
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Loads the module unless it is there already. If the JVM was started neither from the jar nor with {@code --add-modules},
     * it only prints a warning: the kernels work without the module, but slower.
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
