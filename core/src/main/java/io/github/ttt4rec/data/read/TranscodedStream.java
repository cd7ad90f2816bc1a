package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Text of another character set as UTF-8 bytes. Bytes that are invalid in the character set are an error. */
final class TranscodedStream extends InputStream {
    private static final int CHARS = 1 << 13;

    private final Path path;
    private final Charset from;
    private final Reader reader;
    private final char[] chars = new char[CHARS];
    private byte[] bytes = new byte[0];
    private int at;
    private char pendingHigh;

    private TranscodedStream(Path path, InputStream in, Charset from) {
        this.path = path;
        this.from = from;
        reader = new InputStreamReader(
                in,
                from.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /**
     * The text of {@code in} as UTF-8.
     *
     * @param encoding the character set, or null to use the byte order mark in {@code start}
     * @param start the first bytes of {@code in}
     */
    static InputStream open(Path path, InputStream in, @Nullable String encoding, byte[] start) {
        Charset charset = encoding == null ? byMark(start) : named(path, encoding);
        return charset == null || charset.equals(StandardCharsets.UTF_8) ? in : new TranscodedStream(path, in, charset);
    }

    private static Charset named(Path path, String encoding) {
        try {
            return Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new UserFacingException(
                    path + ": there is no character set \"" + encoding
                            + "\" (--encoding); common ones are utf-8, utf-16, windows-1252, iso-8859-1, gb18030, shift_jis",
                    e);
        }
    }

    private static @Nullable Charset byMark(byte[] start) {
        if (Compression.startsWith(start, 0xFF, 0xFE, 0, 0) || Compression.startsWith(start, 0, 0, 0xFE, 0xFF)) {
            return Charset.forName("UTF-32");
        }
        if (Compression.startsWith(start, 0xFF, 0xFE) || Compression.startsWith(start, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16;
        }
        return null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (at == bytes.length) {
            if (!fill()) {
                return -1;
            }
        }
        int given = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, target, offset, given);
        at += given;
        return given;
    }

    private boolean fill() throws IOException {
        int kept = 0;
        if (pendingHigh != 0) {
            chars[kept++] = pendingHigh;
            pendingHigh = 0;
        }
        int got;
        try {
            got = reader.read(chars, kept, chars.length - kept);
        } catch (CharacterCodingException e) {
            throw new UserFacingException(
                    path + ": bytes that are not " + from.name() + "; give the file's character set with --encoding",
                    e);
        }
        if (got < 0) {
            return false;
        }
        int length = kept + got;
        if (Character.isHighSurrogate(chars[length - 1])) {
            pendingHigh = chars[--length];
        }
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, 0, length));
        bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        at = 0;
        return true;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
