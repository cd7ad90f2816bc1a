package io.github.ttt4rec.terminal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets work end in good order on Ctrl-C (SIGINT) or SIGTERM. The first signal runs an action and restores the default
 * handlers, so that the next signal kills the process. A shutdown hook could not do this: a second signal would wait
 * for it.
 *
 * <p>{@code sun.misc.Signal} (module jdk.unsupported) is the JDK's only API for this. It is called by reflection
 * because nothing suppresses the compiler's warning about its use.
 */
public final class StopSignals implements AutoCloseable {
    private static final int SIGNAL_EXIT_CODES = 128;

    private final Class<?> handlerType;
    private final Method handle;
    private final List<Installed> installed = new ArrayList<>();
    private final Consumer<String> action;
    private volatile int received;

    private record Installed(Object signal, Object handlerBefore) {}

    /** Calls {@code action} with the signal's name, on a thread of its own, when the first signal comes. */
    public StopSignals(Consumer<String> action) {
        this.action = action;
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            handlerType = Class.forName("sun.misc.SignalHandler");
            handle = signalType.getMethod("handle", signalType, handlerType);
            Consumer<Object> receiver = this::receive;
            MethodHandle receive = MethodHandles.publicLookup()
                    .findVirtual(Consumer.class, "accept", MethodType.methodType(void.class, Object.class))
                    .bindTo(receiver);
            Object handler = MethodHandleProxies.asInterfaceInstance(handlerType, receive);
            for (String name : List.of("INT", "TERM")) {
                Object signal = signalType.getConstructor(String.class).newInstance(name);
                installed.add(new Installed(signal, handle.invoke(null, signal, handler)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK, " + Runtime.version() + ", cannot handle signals", e);
        }
    }

    /** Called by the JVM with the signal. */
    private void receive(Object signal) {
        if (stopped()) { // A signal that arrived before the first one was handled.
            Runtime.getRuntime().halt(exitCode());
        }
        try {
            received = (int) signal.getClass().getMethod("getNumber").invoke(signal);
            Object usual = handlerType.getField("SIG_DFL").get(null);
            for (Installed each : installed) {
                handle.invoke(null, each.signal, usual);
            }
            action.accept((String) signal.getClass().getMethod("getName").invoke(signal));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot handle a signal", e);
        }
    }

    /** Returns whether a signal has arrived. */
    public boolean stopped() {
        return received != 0;
    }

    /** The exit code that a shell expects after the signal: 130 for Ctrl-C, 143 for SIGTERM. */
    public int exitCode() {
        return SIGNAL_EXIT_CODES + received;
    }

    /** Restores the previous signal handlers. */
    @Override
    public void close() {
        if (stopped()) {
            return;
        }
        try {
            for (Installed each : installed) {
                handle.invoke(null, each.signal, each.handlerBefore);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot put signal handlers back", e);
        }
    }
}
