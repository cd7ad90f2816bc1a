package io.github.ttt4rec.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Locks files for one process at a time. The system releases a lock however the process ends. */
public final class FileLocks {
    private FileLocks() {}

    /**
     * Creates a file if it does not exist, and locks it until the channel is closed. Empty if another process or
     * another part of this one has locked it. The file stays, because deleting it could let two processes hold a lock.
     */
    public static Optional<FileChannel> tryLock(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(channel);
                }
            } catch (OverlappingFileLockException heldHere) {
                // The caller's message applies too.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.problem(file, "cannot lock it: " + Failures.reason(e), e);
        }
    }
}
