package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.Sha256;
import io.github.ttt4rec.UserFacingException;
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
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file opened for reading: decompressed where its first bytes say gzip, and hashed on the way. */
final class SourceFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** How far {@link #peek} may look ahead. */
    static final int PEEK = 1 << 16;

    private final Path path;
    private final DigestInputStream raw;
    private final InputStream content;
    private final boolean gzip;

    private SourceFile(Path path, DigestInputStream raw, InputStream content, boolean gzip) {
        this.path = path;
        this.raw = raw;
        this.content = content;
        this.gzip = gzip;
    }

    /** Opens {@code path}. */
    static SourceFile open(Path path) {
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
            byte[] start = peek(buffered, 2);
            if (start.length == 0) {
                throw new UserFacingException(path + " is empty");
            }
            boolean gzip = start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
            InputStream content =
                    gzip ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER) : buffered;
            if (gzip && peek(content, 1).length == 0) {
                throw new UserFacingException(path + " is empty once decompressed");
            }
            return new SourceFile(path, raw, content, gzip);
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

    /** What stopped the reading of {@code path}, in the user's terms; {@code where} is empty or such as {@code after line 3}. */
    static UserFacingException broken(Path path, IOException cause, String where) {
        String place = where.isEmpty() ? "" : " " + where;
        if (cause instanceof EOFException) {
            return new UserFacingException(
                    path + ": the gzip data ends too early" + place
                            + "; the file is truncated, so copy or download it again",
                    cause);
        }
        if (cause instanceof ZipException) {
            return new UserFacingException(
                    path + ": damaged gzip data" + place + " (" + cause.getMessage()
                            + "); copy or download the file again",
                    cause);
        }
        return new UserFacingException(path + ": cannot read on" + place + ": " + cause.getMessage(), cause);
    }

    /** The file's first bytes, decompressed, at most {@code count}; they will be read again. */
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

    /** Returns whether the file is compressed. */
    boolean gzip() {
        return gzip;
    }

    Path path() {
        return path;
    }

    /** The hash of the file's bytes, of which the rest is read for it. */
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
