package io.github.ttt4rec.terminal;

import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * A line on a terminal that each update overwrites. It shows nothing if standard error is not a terminal. Thread-safe.
 */
public final class ProgressLine {
    private static final long INTERVAL_NANOS = 100_000_000;
    private static final int WIDTH = 79;

    private final PrintWriter err;
    private final boolean live;
    private long last = System.nanoTime() - INTERVAL_NANOS;
    private int length;

    public ProgressLine(PrintWriter err, boolean live) {
        this.err = err;
        this.live = live;
    }

    /** Shows a text unless the last update was too recent. */
    public synchronized void show(Supplier<String> text) {
        long now = System.nanoTime();
        if (!live || now - last < INTERVAL_NANOS) {
            return;
        }
        last = now;
        write(text.get());
    }

    private void write(String text) {
        String line = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
        err.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
        err.flush();
        length = line.length();
    }

    /** Removes the line. */
    public synchronized void clear() {
        if (length > 0) {
            write("");
            err.print("\r");
            err.flush();
        }
    }

    /** Prints a permanent line on standard error. */
    public synchronized void println(String text) {
        clear();
        err.println(text);
        err.flush();
    }
}
