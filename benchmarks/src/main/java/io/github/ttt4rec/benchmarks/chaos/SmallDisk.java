package io.github.ttt4rec.benchmarks.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * A file system of 24 MB in memory for the server's state, which can be full or read-only; an ordinary directory where
 * mounting is not allowed.
 */
final class SmallDisk implements AutoCloseable {
    private final Path root;
    private final boolean mounted;

    /** Mounts a file system at a directory, which is created. */
    SmallDisk(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        mounted = Commands.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", root.toString());
    }

    Path root() {
        return root;
    }

    /** Returns whether this is a file system of its own. */
    boolean isMounted() {
        return mounted;
    }

    /** Fills the disk and returns the file that does. */
    Path fill() {
        Path filler = root.resolve("filler");
        Commands.run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
        return filler;
    }

    /** Sets whether the disk can be written to. */
    void setWritable(boolean writable) {
        Commands.run("mount", "-o", "remount," + (writable ? "rw" : "ro"), root.toString());
    }

    /** Copies the files of the disk into a directory and deletes all others there. */
    void saveTo(Path directory) {
        copyAll(root, directory);
    }

    /** Replaces the files of the disk by those in a directory. */
    void restoreFrom(Path directory) {
        copyAll(directory, root);
    }

    /** Copies the files of a directory into another and deletes all others there. */
    static void copyAll(Path from, Path to) {
        try {
            Files.createDirectories(to);
            try (Stream<Path> old = Files.list(to)) {
                for (Path file : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (mounted) {
            Commands.run("umount", root.toString());
        }
    }
}
