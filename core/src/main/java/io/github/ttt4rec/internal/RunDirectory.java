package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * A directory of resumable work. A manifest names the data and settings that everything in it belongs to. Only one
 * process can open a directory at a time: it holds a file lock, which the operating system releases even if the process
 * is killed.
 */
public final class RunDirectory implements AutoCloseable {
    /** The manifest's key for the checksum of the data. */
    public static final String DATA = "data file";

    private static final String LOCK = "lock";

    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    private final Path path;
    /** Closing this channel releases the lock. */
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * A kind of directory.
     *
     * @param noun a noun for its content, such as {@code comparison}
     * @param manifest the manifest's file name
     * @param contents the files and directories to delete before starting over
     */
    public record Kind(String noun, String manifest, List<String> contents) {}

    /**
     * Opens or creates a directory.
     *
     * @param fingerprint the checksum of the data (under {@link #DATA}) and the settings
     * @param unset entries that a manifest written by an older version may lack, with the values they then had
     * @param force whether to delete earlier work there, regardless of its data and settings
     * @throws UserFacingException if it belongs to other data or settings, or another process has it open
     */
    public static RunDirectory open(
            Path path, Kind kind, Map<String, String> fingerprint, Map<String, String> unset, boolean force) {
        Path manifest = path.resolve(kind.manifest());
        if (!Files.exists(manifest) && Files.isDirectory(path) && !isEmpty(path, kind)) {
            throw Failures.problem(
                    path, "is not empty and holds no " + kind.noun() + "; give another directory for it");
        }
        AtomicFiles.createDirectories(path);
        RunDirectory directory = new RunDirectory(path, lock(path, kind));
        try {
            if (force) {
                kind.contents().forEach(name -> deleteTree(path.resolve(name)));
            } else if (Files.exists(manifest)) {
                Map<String, String> before = new LinkedHashMap<>(unset);
                before.putAll(directory.read(kind.manifest(), ENTRIES));
                directory.requireSame(kind, before, fingerprint);
            }
            directory.writeJson(kind.manifest(), fingerprint);
            return directory;
        } catch (RuntimeException failure) {
            directory.close();
            throw failure;
        }
    }

    private static FileChannel lock(Path path, Kind kind) {
        return FileLocks.tryLock(path.resolve(LOCK))
                .orElseThrow(() -> Failures.problem(
                        path,
                        "another " + kind.noun()
                                + " is at work in this directory; wait for it, or give another --out"));
    }

    /** Releases the directory. The lock file stays, because deleting it could let two processes hold a lock each. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.problem(path.resolve(LOCK), "cannot unlock it: " + Failures.reason(e), e);
        }
    }

    private void requireSame(Kind kind, Map<String, String> before, Map<String, String> now) {
        if (before.equals(now)) {
            return;
        }
        boolean sameData = Objects.equals(before.get(DATA), now.get(DATA));
        throw Failures.problem(
                path,
                "holds a " + kind.noun() + " with other "
                        + (sameData ? "settings (" + differences(before, now) + ")" : "data")
                        + "; give another --out, or --force to replace it");
    }

    /** The differences between two fingerprints, such as {@code train.epochs was 2, is now 3}. */
    public static String differences(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new LinkedHashSet<>(after.keySet());
        keys.addAll(before.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String was = before.getOrDefault(key, "not set");
            String is = after.getOrDefault(key, "not set");
            if (!was.equals(is)) {
                differences.add(key + " was " + was + ", is now " + is);
            }
        }
        return String.join("; ", differences);
    }

    /** Returns whether the directory is empty, ignoring a lock file that another process may be creating. */
    private static boolean isEmpty(Path directory, Kind kind) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.equals(LOCK) || kind.contents().contains(name));
        } catch (IOException e) {
            throw Failures.problem(directory, "cannot read this directory: " + Failures.reason(e), e);
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw Failures.problem(root, "cannot delete it: " + Failures.reason(e), e);
        }
    }

    /** The path of a file in the directory. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Returns whether the directory has a file of that name. */
    public boolean has(String name) {
        return Files.exists(resolve(name));
    }

    /** Deletes a file if it exists. */
    public void delete(String name) {
        try {
            Files.deleteIfExists(resolve(name));
        } catch (IOException e) {
            throw Failures.problem(resolve(name), "cannot delete it: " + Failures.reason(e), e);
        }
    }

    /** Writes a text file atomically; returns its path. */
    public Path write(String name, String text) {
        AtomicFiles.writeText(resolve(name), out -> out.write(text));
        return resolve(name);
    }

    /** Writes a value as JSON atomically; returns the file's path. */
    public Path writeJson(String name, Object value) {
        return write(name, ResultJson.write(value) + "\n");
    }

    /**
     * Reads a file that {@link #writeJson} wrote.
     *
     * @throws UserFacingException if it is missing or damaged
     */
    public <T> T read(String name, TypeReference<T> type) {
        Path file = resolve(name);
        try {
            return ResultJson.read(Files.readAllBytes(file), type);
        } catch (IOException e) {
            throw Failures.problem(file, "cannot read: " + Failures.reason(e), e);
        } catch (JacksonException e) {
            throw Failures.problem(
                    file, "damaged: " + e.getOriginalMessage() + "; delete the directory it is in, or use --force", e);
        }
    }
}
