package io.github.ttt4rec.data.read;

import com.github.luben.zstd.ZstdInputStream;
import io.github.ttt4rec.UserFacingException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** The compression of a file, detected by its first bytes. */
enum Compression {
    NONE("", ""),
    GZIP("gzip", "\u001F\u008B"),
    ZIP("zip", "PK\u0003\u0004"),
    ZSTD("zstd", "(\u00B5/\u00FD"),
    BZIP2("bzip2", "BZh"),
    XZ("xz", "\u00FD7zXZ\u0000"),
    LZ4("lz4", "\u0004\"M\u0018");

    /** The number of bytes that {@link #of} needs. */
    static final int MAGIC_BYTES = 6;

    private static final int BUFFER = 1 << 16;

    private final String word;
    /** The first bytes, each as the character of the same code. */
    private final String magic;

    Compression(String word, String magic) {
        this.word = word;
        this.magic = magic;
    }

    /** The format's common name; empty for no compression. */
    String word() {
        return word;
    }

    /** The compression of a file that starts with {@code start}. */
    static Compression of(byte[] start) {
        for (Compression compression : values()) {
            if (compression != NONE
                    && startsWith(start, compression.magic.chars().toArray())) {
                return compression;
            }
        }
        return NONE;
    }

    static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Decompresses {@code in}, the content of the file {@code path}. */
    InputStream open(Path path, InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case ZIP -> new OnlyEntry(path, new ZipInputStream(in));
            case ZSTD -> new ZstdInputStream(in).setContinuous(false);
            case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(in, BUFFER), true);
            case XZ -> new XZInputStream(in);
            case LZ4 -> new LZ4FrameInputStream(in);
        };
    }

    /** The only file in a zip archive; a second file is an error, which is found when the first has been read. */
    private static final class OnlyEntry extends InputStream {
        private final Path path;
        private final ZipInputStream zip;
        private final String name;
        private boolean ended;

        OnlyEntry(Path path, ZipInputStream zip) throws IOException {
            this.path = path;
            this.zip = zip;
            String found = nextFile();
            boolean spreadsheet = path.toString().toLowerCase(Locale.ROOT).matches(".*[.](xls[xmb]|ods)");
            if (spreadsheet || (found != null && (found.equals("[Content_Types].xml") || found.startsWith("xl/")))) {
                throw new UserFacingException(
                        path + " is an Excel workbook or another spreadsheet; export the sheet as CSV");
            }
            if (found == null) {
                throw new UserFacingException(path + ": the zip archive holds no file");
            }
            name = found;
        }

        private @Nullable String nextFile() throws IOException {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null
                    && (entry.isDirectory()
                            || entry.getName().startsWith("__MACOSX/")
                            || entry.getName().toLowerCase(Locale.ROOT).endsWith(".ds_store"))) {
                entry = zip.getNextEntry();
            }
            return entry == null ? null : entry.getName();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (ended) {
                return -1;
            }
            int got = zip.read(target, offset, count);
            if (got < 0) {
                ended = true;
                String second = nextFile();
                if (second != null) {
                    throw new UserFacingException(path + ": the zip archive holds several files, such as " + name
                            + " and " + second + "; unpack it and name the one, or those, to read");
                }
            }
            return got;
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
