package io.github.ttt4rec.data.read;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The elements of one JSON array, one per line, however the file is divided into lines. */
final class JsonElements extends InputStream {
    private final InputStream file;
    private int depth = -1;
    private boolean inString;
    private boolean escaped;
    private boolean ended;

    /** The elements of the array with which {@code file} must begin. */
    JsonElements(InputStream file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        while (!ended) {
            int c = file.read();
            if (c < 0) {
                throw new EOFException("the JSON array is not closed");
            }
            if (inString) {
                boolean closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                inString = !closes;
                return c;
            }
            switch (c) {
                case '"' -> inString = true;
                case '{', '[' -> {
                    depth++;
                    if (depth == 0) {
                        continue; // the array itself
                    }
                }
                case '}', ']' -> {
                    depth--;
                    if (depth < 0) {
                        ended = true;
                        requireEnd();
                        return -1;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return '\n';
                    }
                }
                case '\n', '\r' -> {
                    return ' ';
                }
                default -> {}
            }
            if (depth >= 0) {
                return c;
            }
        }
        return -1;
    }

    private void requireEnd() throws IOException {
        for (int c = file.read(); c >= 0; c = file.read()) {
            if (c > ' ') {
                throw new IOException("more text follows the JSON array");
            }
        }
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int got = 0;
        while (got < count) {
            int c = read();
            if (c < 0) {
                break;
            }
            target[offset + got++] = (byte) c;
        }
        return got == 0 && count > 0 ? -1 : got;
    }
}
