package io.github.ttt4rec.io;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
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
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A directory of work that is done in many runs and resumes: a manifest says which data and settings all of it belongs to.
 *
 * @param path where it is
 */
public record RunDirectory(Path path) {
    /** The manifest's entry with the checksum of the data. */
    public static final String DATA = "data file";

    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * What a directory is for.
     *
     * @param noun what it holds, such as {@code comparison}
     * @param manifest the manifest's file name
     * @param contents files and directories that are deleted where it is to start anew
     */
    public record Kind(String noun, String manifest, List<String> contents) {}

    /**
     * Opens a directory, or makes it.
     *
     * @param fingerprint of data ({@link #DATA}) and settings
     * @param force whether what was done there, with whatever data and settings, is deleted
     * @throws UserFacingException where it belongs to something else
     */
    public static RunDirectory open(Path path, Kind kind, Map<String, String> fingerprint, boolean force) {
        Path manifest = path.resolve(kind.manifest());
        RunDirectory directory = new RunDirectory(path);
        if (!Files.exists(manifest) && Files.isDirectory(path) && !isEmpty(path)) {
            throw Failures.problem(
                    path, "is not empty and holds no " + kind.noun() + "; give another directory for it");
        }
        if (Files.exists(manifest) && force) {
            kind.contents().forEach(name -> deleteTree(path.resolve(name)));
        } else if (Files.exists(manifest)) {
            directory.requireSame(kind, directory.read(kind.manifest(), ENTRIES), fingerprint);
        }
        AtomicFiles.createDirectories(path);
        directory.writeJson(kind.manifest(), fingerprint);
        return directory;
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

    /** What differs between two fingerprints, such as {@code train.epochs was 2, is now 3}. */
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

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
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

    /** A path in it. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Whether it has a file of that name. */
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
        return write(name, JSON.writeValueAsString(value) + "\n");
    }

    /** Reads what {@link #writeJson} wrote; a {@link UserFacingException} says what is wrong with it. */
    public <T> T read(String name, TypeReference<T> type) {
        Path file = resolve(name);
        try {
            return JSON.readValue(Files.readAllBytes(file), type);
        } catch (IOException e) {
            throw Failures.problem(file, "cannot read: " + Failures.reason(e), e);
        } catch (JacksonException e) {
            throw Failures.problem(
                    file, "damaged: " + e.getOriginalMessage() + "; delete the directory it is in, or use --force", e);
        }
    }
}
