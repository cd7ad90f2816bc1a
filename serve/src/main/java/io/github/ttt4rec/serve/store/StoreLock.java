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

/**
 * Keeps a second process from serving from the same store: two would each have their own idea of every user's state. The
 * lock is the operating system's on a file beside the store, so it ends with the process, however that ends; the file stays.
 */
final class StoreLock implements AutoCloseable {
    /**
     * The stores this process has locked. To open and close a locked file once more would give back the lock, so whether it
     * is ours must be known without a look at the file.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final int LONGEST_PID = 20;

    private final Path store;
    private final FileChannel channel;

    private StoreLock(Path store, FileChannel channel) {
        this.store = store;
        this.channel = channel;
    }

    /** Locks the store, given by its real path; throws {@link UserFacingException} if somebody else has it. */
    static StoreLock of(Path store) {
        if (!OURS.add(store)) {
            throw inUse(store, "this process");
        }
        boolean locked = false;
        try {
            StoreLock lock = new StoreLock(store, lock(store));
            locked = true;
            return lock;
        } finally {
            if (!locked) {
                OURS.remove(store);
            }
        }
    }

    private static FileChannel lock(Path store) {
        Path file = store.resolveSibling(store.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                UserFacingException refused = inUse(store, owner(channel));
                channel.close();
                throw refused;
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException failure) {
            throw new UserFacingException(
                    store + ": cannot lock it by the file " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static UserFacingException inUse(Path store, String owner) {
        return new UserFacingException(store + ": is in use by " + owner + "; one process at a time can serve from it");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LONGEST_PID);
        channel.read(content, 0);
        String pid = StandardCharsets.US_ASCII.decode(content.flip()).toString();
        return pid.matches("[0-9]+") ? "process " + pid : "another process";
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
