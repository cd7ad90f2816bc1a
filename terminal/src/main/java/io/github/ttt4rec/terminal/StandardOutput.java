package io.github.ttt4rec.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output that throws if it cannot be written. {@link java.io.PrintStream} hides every {@link IOException}: a
 * command would keep running after its reader has gone ({@code ttt4rec ... | head}), or lose its results on a full
 * disk.
 */
public final class StandardOutput extends OutputStream {
    private final OutputStream out;

    /** Writes to this process's standard output. */
    public StandardOutput() {
        this(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    }

    /** Writes to {@code out} instead. */
    public StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) {
        try {
            out.write(b);
        } catch (IOException e) {
            throw new UnwritableException(e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UnwritableException(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UnwritableException(e);
        }
    }

    /** Thrown if standard output cannot be written. */
    static final class UnwritableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnwritableException(IOException cause) {
            super(cause.getMessage(), cause);
        }

        /** Returns whether the reader has closed its end of the pipe. That is not a failure. */
        boolean readerIsGone() {
            String message = getMessage();
            return message != null && message.toLowerCase(Locale.ROOT).contains("broken pipe");
        }
    }
}
