package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a path to files: itself, the part files of a directory, or the files that a pattern matches. Empty part
 * files, which programs write for parts without rows, are skipped.
 */
final class LogFiles {
    private LogFiles() {}

    /**
     * All files of {@code paths}; the files of one path are in the order of their names.
     *
     * @throws UserFacingException if there are none, or a file occurs twice
     */
    static List<Path> of(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                if (Files.exists(path.resolve("provenance.json"))) {
                    throw new UserFacingException(
                            path + " is a model directory; the log is the file that a model was trained on");
                }
                List<Path> parts = parts(path, path, null);
                if (parts.isEmpty()) {
                    throw new UserFacingException(path + " is a directory without data files");
                }
                files.addAll(parts);
            } else if (!Files.exists(path) && path.toString().matches(".*[*?\\[{].*")) {
                List<Path> matching = matching(path);
                if (matching.isEmpty()) {
                    throw new UserFacingException("no file matches " + path + "; check the path");
                }
                files.addAll(matching);
            } else {
                files.add(path);
            }
        }
        Set<Path> met = new HashSet<>();
        for (Path file : files) {
            if (!met.add(file.toAbsolutePath().normalize())) {
                throw new UserFacingException(file + " is named twice, and its events would count twice; name it once");
            }
        }
        return files;
    }

    private static List<Path> matching(Path pattern) {
        // The search starts at the part of the path before the first wildcard.
        Path root = pattern.isAbsolute() ? pattern.getRoot() : Path.of("");
        for (Path name : pattern) {
            if (name.toString().matches(".*[*?\\[{].*")) {
                break;
            }
            root = root.resolve(name);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        Path base = root.toString().isEmpty() ? Path.of(".") : root;
        return Files.isDirectory(base) ? parts(base, root, matcher) : List.of();
    }

    /**
     * Data files below {@code base}. By Hadoop's convention, files whose names begin with {@code _} or {@code .} are
     * not data.
     */
    private static List<Path> parts(Path base, Path shown, @Nullable PathMatcher matcher) {
        try (Stream<Path> all = Files.walk(base)) {
            return all.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
                    .map(file -> shown.resolve(base.relativize(file)))
                    .filter(file -> matcher == null ? isData(shown.relativize(file)) : matcher.matches(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserFacingException("cannot read the directory " + base + ": " + e.getMessage(), e);
        }
    }

    private static boolean isData(Path relative) {
        for (Path name : relative) {
            String text = name.toString();
            if (text.startsWith(".") || text.startsWith("_")) {
                return false;
            }
        }
        return true;
    }
}
