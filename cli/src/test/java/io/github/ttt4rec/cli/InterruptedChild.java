package io.github.ttt4rec.cli;

import io.github.ttt4rec.terminal.Program;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The command line, in a process that its test interrupts. After the first epoch that follows a line with a given
 * beginning, training waits until it has been asked to stop, so that a signal finds it at that epoch however slow the
 * machine is. The arguments are that beginning and the command line's own.
 */
final class InterruptedChild {
    /** The longest wait, for a parent that is killed itself. */
    private static final long MAX_WAIT_MINUTES = 5;

    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile @Nullable Thread asking;

    private InterruptedChild() {}

    public static void main(String[] args) {
        Program.prepare();
        String[] arguments = new String[args.length - 1];
        System.arraycopy(args, 1, arguments, 0, arguments.length);
        InterruptedChild child = new InterruptedChild();
        var commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(child.waitingWriter(args[0]), true));
        commandLine.setErr(new PrintWriter(child.noticingWriter(), true));
        System.exit(Main.execute(commandLine, arguments));
    }

    /** Writes to standard output; waits after the line of the first epoch that follows {@code beginning}. */
    private Writer waitingWriter(String beginning) {
        return new LineWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)) {
            private boolean begun;

            @Override
            void wrote(String line) throws IOException {
                begun |= line.startsWith(beginning);
                if (begun && line.startsWith("    1 ")) {
                    flush();
                    awaitRequest();
                }
            }
        };
    }

    /** Writes to standard error; notes the thread that says that training was asked to stop. */
    private Writer noticingWriter() {
        return new LineWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8)) {
            @Override
            void wrote(String line) {
                if (line.contains("stopping after this step")) {
                    asking = Thread.currentThread();
                    asked.countDown();
                }
            }
        };
    }

    private void awaitRequest() {
        try {
            if (!asked.await(MAX_WAIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("no signal came");
            }
            Thread thread = asking;
            if (thread != null) {
                thread.join(); // It passes the request on after it has printed its line.
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for a signal", e);
        }
    }

    /** Calls {@link #wrote} with each whole line. */
    private abstract static class LineWriter extends FilterWriter {
        private final StringBuilder line = new StringBuilder();

        LineWriter(Writer out) {
            super(out);
        }

        abstract void wrote(String text) throws IOException;

        @Override
        public void write(int c) throws IOException {
            write(new char[] {(char) c}, 0, 1);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            write(text.toCharArray(), offset, length);
        }

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                out.write(text[i]);
                line.append(text[i]);
                if (text[i] == '\n') {
                    String whole = line.toString();
                    line.setLength(0);
                    wrote(whole);
                }
            }
        }
    }
}
