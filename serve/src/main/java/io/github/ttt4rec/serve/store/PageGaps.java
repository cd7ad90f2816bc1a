package io.github.ttt4rec.serve.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Overwrites the unused parts of a database's pages. SQLite's {@code secure_delete} overwrites deleted records, but not
 * the copies that remain in a page when its records move to another page. The layout of a page is described in
 * "Database File Format" at sqlite.org, section 1.6.
 *
 * <p>The unused parts have no meaning, so readers may continue; the writer must have dropped its cached pages before.
 */
final class PageGaps implements AutoCloseable {
    private static final int FILE_HEADER = 100;
    /**
     * The maximum number of pages. Other pages begin with a page number, whose first byte is 0 up to this limit and
     * thus differs from every kind of B-tree page.
     */
    private static final long MAX_PAGES = 1 << 24;

    private static final int PAGES_AT_ONCE = 256;

    /** Closed after all of SQLite's connections, because closing it would release their locks on the file. */
    private final FileChannel channel;

    PageGaps(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Overwrites all unused parts and syncs to disk; returns the number of pages that had data there. */
    long overwrite() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FILE_HEADER);
        channel.read(header, 0);
        int stored = header.getChar(16);
        int size = stored == 1 ? 1 << 16 : stored;
        long pages = channel.size() / size;
        if (pages >= MAX_PAGES) {
            throw new IOException("the file has " + pages + " pages, and fewer than " + MAX_PAGES + " are allowed");
        }
        ByteBuffer buffer = ByteBuffer.allocate(PAGES_AT_ONCE * size);
        long changed = 0;
        for (long page = 0; page < pages; page += PAGES_AT_ONCE) {
            buffer.clear().limit((int) Math.min(PAGES_AT_ONCE, pages - page) * size);
            readAll(buffer, page * size);
            for (int i = 0; i < buffer.limit() / size; i++) {
                if (clear(buffer.array(), i * size, size, page + i == 0)) {
                    channel.write(buffer.slice(i * size, size), (page + i) * size);
                    changed++;
                }
            }
        }
        if (changed > 0) {
            channel.force(false);
        }
        return changed;
    }

    private void readAll(ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file ended while it was read");
            }
        }
    }

    /** Clears the unused parts of a B-tree page; other pages have no unused parts that held records. */
    private static boolean clear(byte[] bytes, int start, int size, boolean first) {
        int header = start + (first ? FILE_HEADER : 0);
        int type = bytes[header];
        boolean interior = type == 2 || type == 5;
        if (!interior && type != 10 && type != 13) {
            return false;
        }
        int cells = number(bytes, header + 3);
        int content = number(bytes, header + 5);
        int from = header + (interior ? 12 : 8) + 2 * cells;
        int to = start + (content == 0 ? 1 << 16 : content);
        if (from > to || to > start + size) {
            return false; // The page is damaged; other checks report that.
        }
        boolean changed = zero(bytes, from, to);
        int block = number(bytes, header + 1);
        while (block >= content && block + 4 <= size) {
            int next = number(bytes, start + block);
            int length = number(bytes, start + block + 2);
            if (block + length > size) {
                return changed;
            }
            changed |= zero(bytes, start + block + 4, start + block + length);
            block = next > block ? next : 0;
        }
        return changed;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        boolean changed = false;
        for (int i = from; i < to; i++) {
            changed |= bytes[i] != 0;
            bytes[i] = 0;
        }
        return changed;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
