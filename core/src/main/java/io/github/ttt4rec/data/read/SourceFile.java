package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Sha256;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file opened for reading: decompressed according to its first bytes, transcoded to UTF-8 if it is text in another
 * character set, and hashed along the way.
 */
final class SourceFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The largest number of bytes that {@link #peek} may look ahead. */
    static final int PEEK = 1 << 16;

    private final Path path;
    private final DigestInputStream raw;
    private final InputStream content;
    private final Compression compression;
    private final boolean transcoded;

    private SourceFile(
            Path path, DigestInputStream raw, InputStream content, Compression compression, boolean transcoded) {
        this.path = path;
        this.raw = raw;
        this.content = content;
        this.compression = compression;
        this.transcoded = transcoded;
    }

    /**
     * Opens {@code path}.
     *
     * @param encoding the character set of a text file, or null for UTF-8, unless a byte order mark says otherwise
     */
    static SourceFile open(Path path, @Nullable String encoding) {
        if (Files.isDirectory(path)) {
            throw new UserFacingException(path + " is a directory; name a file in it");
        }
        InputStream file;
        try {
            file = Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new UserFacingException("no such file: " + path + "; check the path", e);
        } catch (AccessDeniedException e) {
            throw new UserFacingException("no permission to read " + path, e);
        } catch (IOException e) {
            throw new UserFacingException("cannot read " + path + ": " + e.getMessage(), e);
        }
        DigestInputStream raw = new DigestInputStream(file, Sha256.newDigest());
        try {
            BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
            byte[] start = peek(buffered, Compression.MAGIC_BYTES);
            if (start.length == 0) {
                throw new UserFacingException(path + " is empty");
            }
            Compression compression = Compression.of(start);
            InputStream plain = compression == Compression.NONE
                    ? buffered
                    : new BufferedInputStream(compression.open(path, buffered), BUFFER);
            byte[] first = peek(plain, Compression.MAGIC_BYTES);
            if (first.length == 0) {
                throw new UserFacingException(path + " is empty once decompressed");
            }
            if (compression != Compression.NONE && Compression.of(first) != Compression.NONE) {
                throw new UserFacingException(path + " is compressed twice, with " + compression.word()
                        + " and within it " + Compression.of(first).word() + "; decompress it once");
            }
            InputStream text = TranscodedStream.open(path, plain, encoding, first);
            InputStream content = text.equals(plain) ? plain : new BufferedInputStream(text, BUFFER);
            return new SourceFile(path, raw, content, compression, !text.equals(plain));
        } catch (IOException e) {
            close(file, e);
            throw broken(path, e, "");
        } catch (UserFacingException e) {
            close(file, e);
            throw e;
        }
    }

    private static void close(InputStream file, Exception because) {
        try {
            file.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /**
     * Describes in the user's terms why reading {@code path} failed; {@code where} is empty or a place such as
     * {@code after line 3}.
     */
    static UserFacingException broken(Path path, IOException cause, String where) {
        String place = where.isEmpty() ? "" : " " + where;
        if (cause instanceof EOFException && String.valueOf(cause.getMessage()).contains("JSON")) {
            return new UserFacingException(
                    path + ": " + cause.getMessage() + place + "; the file is truncated, so copy or download it again",
                    cause);
        }
        if (cause instanceof EOFException
                || String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("end of stream")) {
            return new UserFacingException(
                    path + ": the compressed data ends too early" + place
                            + "; the file is truncated, so copy or download it again",
                    cause);
        }
        if (cause instanceof ZipException) {
            return new UserFacingException(
                    path + ": damaged compressed data" + place + " (" + cause.getMessage()
                            + "); copy or download the file again",
                    cause);
        }
        return new UserFacingException(path + ": cannot read on" + place + ": " + cause.getMessage(), cause);
    }

    /** The file's first bytes, decompressed, at most {@code count}; they stay available for reading. */
    byte[] peek(int count) throws IOException {
        return peek(content, count);
    }

    private static byte[] peek(InputStream in, int count) throws IOException {
        in.mark(count);
        byte[] start = in.readNBytes(count);
        in.reset();
        return start;
    }

    /** The content, decompressed. */
    InputStream content() {
        return content;
    }

    /** Returns whether the content is text that was transcoded to UTF-8. */
    boolean transcoded() {
        return transcoded;
    }

    Compression compression() {
        return compression;
    }

    Path path() {
        return path;
    }

    /** The hash of the file's bytes; reads the rest of the file to compute it. */
    String finishSha256() throws IOException {
        byte[] rest = new byte[BUFFER];
        int got = 0;
        while (got >= 0) {
            got = raw.read(rest);
        }
        return HexFormat.of().formatHex(raw.getMessageDigest().digest());
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
