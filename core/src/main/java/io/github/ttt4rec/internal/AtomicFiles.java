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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files so that a path always holds either all of the old content or all of the new, even after a crash or on a
 * full disk: write to a temporary file in the same directory, force it to disk, rename it over the old one, force the
 * directory. On any failure the temporary file is removed, the old content stays, and a one-line
 * {@link UserFacingException} names the path and the free space. A signal that ends the JVM removes the temporary file as
 * well.
 */
public final class AtomicFiles {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final boolean DIRECTORIES_CAN_BE_FORCED =
            !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final AtomicLong TEMPORARY_FILES = new AtomicLong();
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtomicFiles::deleteUnfinished));
    }

    private AtomicFiles() {}

    private static void deleteUnfinished() {
        for (Path file : UNFINISHED) {
            file.toFile().delete(); // The JVM ends; there is nobody to report a failure to.
        }
    }

    /** Produces the bytes of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the whole content to {@code out} and leaves it open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Produces the text of a file. */
    @FunctionalInterface
    public interface Text {
        /** Writes the whole text to {@code out} and leaves it open. */
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Writes {@code content} to {@code target}, replacing an existing file. If the target is a symbolic link, the link
     * stays and the file it points to is replaced. A target that exists but is not a regular file, such as
     * {@code /dev/stdout}, is written to directly.
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
            UNFINISHED.add(temporary);
            try {
                writeForced(temporary, content);
                rename(temporary, file);
                renamed = true;
                forceDirectory(directory);
            } finally {
                if (!renamed) {
                    Files.deleteIfExists(temporary);
                }
                UNFINISHED.remove(temporary);
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
            // Files.createDirectories also accepts a link to a directory.
            Files.createDirectories(directory);
        } catch (IOException failure) {
            if (Files.exists(directory)) {
                throw Failures.problem(directory, "cannot make this directory: a file of that name exists", failure);
            }
            throw Failures.problem(directory, "cannot make this directory: " + Failures.reason(failure), failure);
        }
    }

    /** Writes a file in place, replacing its content, and returns when it is on disk. Not atomic. */
    public static void writeForced(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Renames within a directory, replacing {@code to} atomically. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes renames in {@code directory} durable. Does nothing on Windows, which has no such operation. */
    public static void forceDirectory(Path directory) throws IOException {
        if (DIRECTORIES_CAN_BE_FORCED) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** A one-line message for a failed write: the path, the reason and the free space. */
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
            // The free space only supplements the message of another failure, which is reported anyway.
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
