package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a second process from serving from the same store: two would each have their own idea of every user's state. The
 * lock is the operating system's on a file beside the store, so it ends with the process, however that ends; the file stays.
 * It holds the process's number, and how many events the store had accepted a moment ago: at the next start that tells
 * whether the store has lost some of them.
 */
final class StoreLock implements AutoCloseable {
    /**
     * The stores this process has locked. To open and close a locked file once more would give back the lock, so whether it
     * is ours must be known without a look at the file.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final int MAX_CONTENT = 64;
    private static final String CLEAN = "closed";
    private static final Pattern CONTENT = Pattern.compile("[0-9]+\n([0-9]{1,18})\n(open|" + CLEAN + ")\n");
    private static final Mark NONE = new Mark(0, false);

    private final Path store;
    private final FileChannel channel;
    private final Mark before;

    private StoreLock(Path store, Opened opened) {
        this.store = store;
        this.channel = opened.channel;
        this.before = opened.before;
    }

    private record Opened(FileChannel channel, Mark before) {}

    /**
     * The traces of the process that had the store before.
     *
     * @param accepted how many events the store had accepted at least; 0 if that is not known
     * @param clean whether that process closed the store
     */
    record Mark(long accepted, boolean clean) {
        static Mark read(String content) {
            Matcher lines = CONTENT.matcher(content);
            return lines.matches()
                    ? new Mark(Long.parseLong(lines.group(1)), lines.group(2).equals(CLEAN))
                    : NONE;
        }
    }

    /** Locks the store, given by its real path; throws {@link UserFacingException} if somebody else has it. */
    static StoreLock of(Path store) {
        if (!OURS.add(store)) {
            throw inUse(store, "this process");
        }
        boolean locked = false;
        try {
            StoreLock lock = new StoreLock(store, lock(store));
            lock.mark(lock.before.accepted, lock.before.clean);
            locked = true;
            return lock;
        } finally {
            if (!locked) {
                OURS.remove(store);
            }
        }
    }

    private static Opened lock(Path store) {
        Path file = store.resolveSibling(store.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                UserFacingException refused = inUse(store, owner(channel));
                channel.close();
                throw refused;
            }
            return new Opened(channel, Mark.read(content(channel)));
        } catch (IOException failure) {
            throw new UserFacingException(
                    store + ": cannot lock it by the file " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static UserFacingException inUse(Path store, String owner) {
        return new UserFacingException(store + ": is in use by " + owner + "; one process at a time can serve from it");
    }

    private static String owner(FileChannel channel) throws IOException {
        String pid = content(channel).lines().findFirst().orElse("");
        return pid.matches("[0-9]+") ? "process " + pid : "another process";
    }

    private static String content(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MAX_CONTENT);
        channel.read(content, 0);
        return StandardCharsets.US_ASCII.decode(content.flip()).toString();
    }

    /** The mark that the previous process left. */
    Mark before() {
        return before;
    }

    /** Leaves word for the next process; losing it in a crash costs no more than the word. */
    void mark(long accepted, boolean clean) {
        byte[] content = (ProcessHandle.current().pid() + "\n" + accepted + "\n" + (clean ? CLEAN : "open") + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        try {
            channel.write(ByteBuffer.wrap(content), 0);
            channel.truncate(content.length);
        } catch (IOException failure) {
            throw new StoreException(store + ": cannot write to its lock: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new StoreException(store + ": cannot give back its lock: " + failure.getMessage(), failure);
        } finally {
            OURS.remove(store);
        }
    }
}
