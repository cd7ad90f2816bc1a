package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Failures;
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
 * Prevents a second process from using the same store, because two processes would have different states for the same
 * user. It is an operating system lock on a file next to the store, so it is released however the process ends; the
 * file stays. The file contains the process id and the number of events that the store had recently accepted, from
 * which the next start detects lost events.
 */
final class StoreLock implements AutoCloseable {
    /**
     * The stores that this process has locked. Opening and closing a locked file again would release the lock, so the
     * process must know its own locks without opening the file.
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
     * Information that the previous process left.
     *
     * @param accepted the minimum number of events that the store had accepted; 0 if unknown
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

    /**
     * Locks the store, given by its real path; throws {@link UserFacingException} if another process holds the lock.
     */
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
                    store + ": cannot lock it by the file " + file + ": " + Failures.reason(failure), failure);
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

    /** Returns the information that the previous process left. */
    Mark before() {
        return before;
    }

    /** Leaves information for the next process. If a crash loses it, nothing else is affected. */
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
