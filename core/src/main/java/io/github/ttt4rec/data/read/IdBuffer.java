package io.github.ttt4rec.data.read;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One id as UTF-8 bytes without surrounding blanks, reused for each row so that reading allocates nothing. */
final class IdBuffer {
    /** Longer texts are refused as ids: usually they are a text column or follow a lost quote. */
    static final int MAX_BYTES = 4096;

    /** Words that programs write for missing values. */
    private static final List<byte[]> MISSING = Stream.of(
                    "NA",
                    "N/A",
                    "n/a",
                    "na",
                    "NaN",
                    "nan",
                    "NAN",
                    "-nan",
                    "-NaN",
                    "NULL",
                    "null",
                    "Null",
                    "(null)",
                    "<null>",
                    "None",
                    "none",
                    "NONE",
                    "nil",
                    "NIL",
                    "\\N",
                    "<NA>",
                    "#N/A",
                    "#NA",
                    "NaT",
                    "undefined")
            .map(word -> word.getBytes(StandardCharsets.US_ASCII))
            .toList();

    private static final int MAX_MISSING_BYTES = 9;

    private final boolean keepNaIds;
    private byte[] bytes = new byte[64];
    private int length;

    /** A buffer that refuses words such as NA, unless {@code keepNaIds}. */
    IdBuffer(boolean keepNaIds) {
        this.keepNaIds = keepNaIds;
    }

    private @Nullable String missing() {
        if (keepNaIds || length > MAX_MISSING_BYTES || length < 2) {
            return null;
        }
        switch (bytes[0]) {
            case 'N', 'n', '-', '(', '<', '\\', '#', 'u' -> {}
            default -> {
                return null;
            }
        }
        for (byte[] word : MISSING) {
            if (Arrays.equals(bytes, 0, length, word, 0, word.length)) {
                return "the id is missing: \"" + new String(word, StandardCharsets.US_ASCII)
                        + "\" (if it is an id, give --keep-na-ids)";
            }
        }
        return null;
    }

    /** The bytes; only the first {@link #length()} are valid. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns whether the id equals these bytes. */
    boolean is(byte[] id) {
        return length == id.length && Arrays.equals(bytes, 0, length, id, 0, length);
    }

    int length() {
        return length;
    }

    /** Accepts {@code count} chars; returns why they are not an id, or null. */
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
        return length > MAX_BYTES ? tooLong() : missing();
    }

    /** Accepts UTF-8 {@code source}; returns why it is not an id, or null. */
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
        String problem = Utf8Reader.problemOf(bytes, 0, length);
        return problem == null ? missing() : problem;
    }

    /** Accepts the decimal digits of {@code number}. */
    void set(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        length = digits.length;
        ensure(length);
        System.arraycopy(digits, 0, bytes, 0, length);
    }

    /** Accepts a whole number given in floating point; returns why it is not an id, or null. */
    @Nullable String set(double number) {
        if (number != Math.rint(number) || Math.abs(number) > 0x1p53) {
            return number + " is not a whole number, as an id must be";
        }
        set((long) number);
        return null;
    }

    /** Accepts text; returns why it is not an id, or null. */
    @Nullable String set(String text) {
        return set(text.toCharArray(), 0, text.length());
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
