package io.github.ttt4rec.cli;

import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Lets work end in good order on Ctrl-C (SIGINT) or SIGTERM. The first of them runs an action; both then have their usual
 * effect again, so that the next one kills. A shutdown hook could not do this: a second signal would wait for it.
 */
final class StopSignals implements AutoCloseable {
    private static final int SIGNAL_EXIT_CODES = 128;

    private final Signal interrupt = new Signal("INT");
    private final Signal terminate = new Signal("TERM");
    private final SignalHandler interruptBefore;
    private final SignalHandler terminateBefore;
    private final Consumer<String> action;
    private volatile int received;

    /** Calls {@code action} with the signal's name, on a thread of its own, when the first signal comes. */
    StopSignals(Consumer<String> action) {
        this.action = action;
        interruptBefore = Signal.handle(interrupt, this::received);
        terminateBefore = Signal.handle(terminate, this::received);
    }

    private void received(Signal signal) {
        received = signal.getNumber();
        Signal.handle(interrupt, SignalHandler.SIG_DFL);
        Signal.handle(terminate, SignalHandler.SIG_DFL);
        action.accept(signal.getName());
    }

    /** Whether a signal has come. */
    boolean stopped() {
        return received != 0;
    }

    /** What a shell expects of a program ended by the signal: 130 for Ctrl-C, 143 for SIGTERM. */
    int exitCode() {
        return SIGNAL_EXIT_CODES + received;
    }

    @Override
    public void close() {
        if (!stopped()) {
            Signal.handle(interrupt, interruptBefore);
            Signal.handle(terminate, terminateBefore);
        }
    }
}
