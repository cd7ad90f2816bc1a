package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files so that at every moment, crash and full disk included, a path holds either all of the old content or all
 * of the new: write to a temporary file in the same directory, force it to the disk, rename it over the old one, force
 * the directory. On any failure the temporary file is removed, the old content stays, and a one-line
 * {@link UserFacingException} names the path and the space left.
 */
public final class AtomicFiles {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final boolean DIRECTORIES_CAN_BE_FORCED =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final AtomicLong TEMPORARY_FILES = new AtomicLong();

    private AtomicFiles() {}

    /** Produces the bytes of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code out} and leaves it open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Produces the text of a file. */
    @FunctionalInterface
    public interface Text {
        /** Writes everything to {@code out} and leaves it open. */
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Writes {@code content} to {@code target}, replacing what is there. A symbolic link stays and what it points to is
     * replaced. A target that exists and is no regular file, such as {@code /dev/stdout}, is written to directly.
     */
    public static void write(Path target, Content content) {
        try {
            if (Files.isDirectory(target)) {
                throw Failures.problem(target, "cannot write this file: it is a directory");
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
                    content.writeTo(out);
                }
                return;
            }
            Path file = Files.isSymbolicLink(target) && Files.exists(target) ? target.toRealPath() : target;
            Path directory = directoryOf(file);
            if (!Files.isDirectory(directory)) {
                throw Failures.problem(target, "cannot write this file: there is no directory " + directory);
            }
            Path temporary = directory.resolve("." + file.getFileName() + "."
                    + ProcessHandle.current().pid() + "-" + TEMPORARY_FILES.incrementAndGet() + ".tmp");
            boolean renamed = false;
            try {
                writeForced(temporary, content);
                rename(temporary, file);
                renamed = true;
                forceDirectory(directory);
            } finally {
                if (!renamed) {
                    Files.deleteIfExists(temporary);
                }
            }
        } catch (IOException | UncheckedIOException failure) {
            throw cannotWrite(target, failure);
        }
    }

    /** Writes UTF-8 text to {@code target}, as {@link #write} does. */
    public static void writeText(Path target, Text text) {
        write(target, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            text.writeTo(writer);
            writer.flush();
        });
    }

    /** Makes {@code directory} and its parents if they do not exist. */
    public static void createDirectories(Path directory) {
        try {
            // A link to a directory is as good as a directory, which Files.createDirectories knows too.
            Files.createDirectories(directory);
        } catch (IOException failure) {
            if (Files.exists(directory)) {
                throw Failures.problem(directory, "cannot make this directory: a file of that name exists", failure);
            }
            throw Failures.problem(directory, "cannot make this directory: " + Failures.reason(failure), failure);
        }
    }

    /** Writes a file, replacing what is there in place, and returns when it is on the disk. Not atomic by itself. */
    public static void writeForced(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Renames within one directory, replacing {@code to} in one step. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes renames in {@code directory} durable. Windows offers no such call, and does without. */
    public static void forceDirectory(Path directory) throws IOException {
        if (DIRECTORIES_CAN_BE_FORCED) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The one line for a write that failed: the path, the reason, and the space left. */
    public static UserFacingException cannotWrite(Path target, Exception failure) {
        IOException cause = failure instanceof UncheckedIOException unchecked
                ? Objects.requireNonNull(unchecked.getCause())
                : failure instanceof IOException io ? io : new IOException(failure);
        return Failures.problem(
                target,
                "cannot write: " + Failures.reason(cause) + freeSpace(target) + "; what was there before is unchanged",
                failure);
    }

    private static String freeSpace(Path target) {
        try {
            long bytes = Files.getFileStore(directoryOf(target)).getUsableSpace();
            return " (" + size(bytes) + " free there)";
        } catch (IOException unknown) {
            // Only an extra in the message of another failure, which is reported.
            return "";
        }
    }

    private static String size(long bytes) {
        if (bytes < 1 << 20) {
            return (bytes >> 10) + " KiB";
        }
        if (bytes < 1L << 30) {
            return (bytes >> 20) + " MiB";
        }
        return (bytes >> 30) + " GiB";
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
