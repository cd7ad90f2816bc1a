package io.github.ttt4rec.data.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One id as UTF-8 bytes without blanks around it, filled anew for each row so that reading makes no garbage. */
final class IdBuffer {
    /** Longer ids are no ids: the usual cause is a text column or a lost quote. */
    static final int MAX_BYTES = 4096;

    private byte[] bytes = new byte[64];
    private int length;

    /** The bytes; only the first {@link #length()} count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Takes {@code count} chars; returns what is wrong with them as an id, or null. */
    @Nullable String set(char[] chars, int offset, int count) {
        int from = offset;
        int to = offset + count;
        while (from < to && chars[from] <= ' ') {
            from++;
        }
        while (to > from && chars[to - 1] <= ' ') {
            to--;
        }
        length = 0;
        if (from == to) {
            return "the id is empty";
        }
        if (to - from > MAX_BYTES) {
            return tooLong();
        }
        ensure(3 * (to - from));
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c < 0x80) {
                bytes[length++] = (byte) c;
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xC0 | (c >> 6));
                bytes[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xE0 | (c >> 12));
                bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                bytes[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(chars[i + 1])) {
                int point = Character.toCodePoint(c, chars[++i]);
                bytes[length++] = (byte) (0xF0 | (point >> 18));
                bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                bytes[length++] = (byte) (0x80 | (point & 0x3F));
            } else {
                return Utf8Reader.problemOf(c);
            }
        }
        return length > MAX_BYTES ? tooLong() : null;
    }

    /** Takes UTF-8 {@code source}; returns what is wrong with it as an id, or null. */
    @Nullable String set(byte[] source, int offset, int count) {
        int from = offset;
        int to = offset + count;
        while (from < to && source[from] >= 0 && source[from] <= ' ') {
            from++;
        }
        while (to > from && source[to - 1] >= 0 && source[to - 1] <= ' ') {
            to--;
        }
        length = to - from;
        if (length == 0) {
            return "the id is empty";
        }
        if (length > MAX_BYTES) {
            return tooLong();
        }
        ensure(length);
        System.arraycopy(source, from, bytes, 0, length);
        return Utf8Reader.problemOf(bytes, 0, length);
    }

    /** Takes the decimal digits of {@code number}. */
    void set(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        length = digits.length;
        ensure(length);
        System.arraycopy(digits, 0, bytes, 0, length);
    }

    private void ensure(int capacity) {
        if (bytes.length < capacity) {
            bytes = Arrays.copyOf(bytes, Math.max(capacity, 2 * bytes.length));
        }
    }

    private static String tooLong() {
        return "the id is longer than " + MAX_BYTES + " bytes; is this the right column, and are the quotes closed?";
    }
}
