package io.github.ttt4rec.data.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads UTF-8 and preserves invalid bytes: byte b becomes the lone surrogate U+DC00 + b, which valid UTF-8 never
 * produces, so that the row that contains it can be reported. (Python calls this {@code surrogateescape}.) A byte order
 * mark is skipped.
 */
final class Utf8Reader extends Reader {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
    private boolean atStart = true;
    private boolean atEnd;
    private long malformedBytes;

    Utf8Reader(InputStream in) {
        this.in = in;
    }

    /** The number of bytes so far that were not UTF-8. */
    long malformedBytes() {
        return malformedBytes;
    }

    /** Describes the lone surrogate {@code c} to the user. */
    static String problemOf(char c) {
        return c >= 0xDC80 && c <= 0xDCFF
                ? "the byte 0x%02X is not UTF-8; name the file's character set, such as --encoding windows-1252"
                        .formatted(c - 0xDC00)
                : "unpaired surrogate U+%04X".formatted((int) c);
    }

    /** Describes the first violation of UTF-8 in these bytes; null if there is none. */
    static @Nullable String problemOf(byte[] source, int offset, int count) {
        int ascii = 0;
        while (ascii < count && source[offset + ascii] >= 0) {
            ascii++;
        }
        if (ascii == count) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(source, offset, count);
        CharBuffer out = CharBuffer.allocate(count);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        return result.isError() ? problemOf((char) (0xDC00 + (source[in.position()] & 0xFF))) : null;
    }

    @Override
    public int read(char[] target, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (!chars.hasRemaining()) {
            if (!decodeMore()) {
                return -1;
            }
        }
        int given = Math.min(count, chars.remaining());
        chars.get(target, offset, given);
        return given;
    }

    /** Refills {@code chars}; returns false at the end. It may leave {@code chars} empty before the end. */
    private boolean decodeMore() throws IOException {
        if (!atEnd) {
            bytes.compact();
            int got = in.read(bytes.array(), bytes.position(), bytes.remaining());
            if (got < 0) {
                atEnd = true;
            } else {
                bytes.position(bytes.position() + got);
            }
            bytes.flip();
        }
        if (atEnd && !bytes.hasRemaining()) {
            return false;
        }
        chars.clear();
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, atEnd);
            if (!result.isError()) {
                break;
            }
            if (!chars.hasRemaining()) {
                break;
            }
            // One byte at a time, because the bytes after a bad one may be valid.
            chars.put((char) (0xDC00 + (bytes.get() & 0xFF)));
            malformedBytes++;
        }
        chars.flip();
        if (atStart && chars.hasRemaining()) {
            atStart = false;
            if (chars.get(chars.position()) == '\uFEFF') {
                chars.get();
            }
        }
        return true;
    }

    /** Does nothing: the owner of the file closes it after hashing the bytes behind the text. */
    @Override
    public void close() {}
}
