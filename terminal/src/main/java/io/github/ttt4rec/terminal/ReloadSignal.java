package io.github.ttt4rec.terminal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.function.Consumer;

/**
 * Runs an action at each SIGHUP, which would otherwise end the process. Uses reflection for the same reason as
 * {@link StopSignals}.
 */
public final class ReloadSignal implements AutoCloseable {
    private final Object signal;
    private final Object handlerBefore;
    private final Method handle;

    /** Runs {@code action} on a thread of its own at each SIGHUP. The action must not throw. */
    public ReloadSignal(Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            handle = signalType.getMethod("handle", signalType, handlerType);
            Consumer<Object> receiver = received -> action.run();
            MethodHandle receive = MethodHandles.publicLookup()
                    .findVirtual(Consumer.class, "accept", MethodType.methodType(void.class, Object.class))
                    .bindTo(receiver);
            signal = signalType.getConstructor(String.class).newInstance("HUP");
            handlerBefore = handle.invoke(null, signal, MethodHandleProxies.asInterfaceInstance(handlerType, receive));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK, " + Runtime.version() + ", cannot handle signals", e);
        }
    }

    /** Restores the previous handler of SIGHUP. */
    @Override
    public void close() {
        try {
            handle.invoke(null, signal, handlerBefore);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot put a signal handler back", e);
        }
    }
}
