package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * A directory of resumable work. A manifest names the data and settings that all of it belongs to. Only one process can open a
 * directory at a time: the operating system holds a file lock and releases it however the process ends.
 */
public final class RunDirectory implements AutoCloseable {
    /** The manifest's entry with the checksum of the data. */
    public static final String DATA = "data file";

    private static final String LOCK = "lock";

    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    private final Path path;
    /** Open as long as this is: closing it releases the lock. */
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * The purpose of a directory.
     *
     * @param noun its content in a word, such as {@code comparison}
     * @param manifest the manifest's file name
     * @param contents files and directories that are deleted if it is to start again
     */
    public record Kind(String noun, String manifest, List<String> contents) {}

    /**
     * Opens or creates a directory.
     *
     * @param fingerprint of data ({@link #DATA}) and settings
     * @param unset the entries of a fingerprint that one made by an older version may lack, and what they then were
     * @param force whether what was done there, with whatever data and settings, is deleted
     * @throws UserFacingException if it belongs to something else, or is open elsewhere
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
        Path file = path.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException heldHere) {
                // This same process holds it; the message below applies too.
            }
            channel.close();
        } catch (IOException e) {
            throw Failures.problem(file, "cannot lock it: " + Failures.reason(e), e);
        }
        throw Failures.problem(
                path, "another " + kind.noun() + " is at work in this directory; wait for it, or give another --out");
    }

    /** Lets others open the directory. The lock's file stays: deleting it could leave two with a lock each. */
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

    /** The directory's path. */
    public Path path() {
        return path;
    }

    /** A path in it. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Returns whether it has a file of that name. */
    public boolean has(String name) {
        return Files.exists(resolve(name));
    }

    /** Deletes a file if it is there. */
    public void delete(String name) {
        try {
            Files.deleteIfExists(resolve(name));
        } catch (IOException e) {
            throw Failures.problem(resolve(name), "cannot delete it: " + Failures.reason(e), e);
        }
    }

    /** Writes a text in one step; returns where. */
    public Path write(String name, String text) {
        AtomicFiles.writeText(resolve(name), out -> out.write(text));
        return resolve(name);
    }

    /** Writes a value as JSON in one step; returns where. */
    public Path writeJson(String name, Object value) {
        return write(name, ResultJson.write(value) + "\n");
    }

    /** Reads what {@link #writeJson} wrote; a {@link UserFacingException} says what is wrong with it. */
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
