package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * A node of the category tree, given by the names on the path from the root. As text, the names are joined by
 * {@value #SEPARATOR}, as in {@code shoes > boots}.
 *
 * @param path the names, the root's first
 */
public record Category(List<String> path) {
    /** The separator between two names of a path. */
    public static final String SEPARATOR = ">";

    /** The largest number of names in a path. */
    public static final int MAX_DEPTH = 16;

    private static final int MAX_NAME = 255;

    /**
     * Checks the path.
     *
     * @throws UserFacingException if a name is empty, too long, contains the separator or occurs twice, or if the path is too long
     */
    public Category {
        path = List.copyOf(path);
        if (path.isEmpty() || path.size() > MAX_DEPTH) {
            throw new UserFacingException(
                    "a category has 1 to " + MAX_DEPTH + " names from the root down, not " + path.size());
        }
        for (String name : path) {
            if (name.isBlank() || name.length() > MAX_NAME || name.contains(SEPARATOR)) {
                throw new UserFacingException(
                        "a category's name has 1 to " + MAX_NAME + " characters and no '" + SEPARATOR + "'");
            }
        }
        if (new HashSet<>(path).size() < path.size()) {
            throw new UserFacingException(
                    "category '" + join(path) + "' lies within itself: a name may occur once in a path");
        }
    }

    /** Reads a path from text, such as {@code shoes > boots}; blanks around names are ignored. */
    public static Category parse(String text) {
        return new Category(
                Arrays.stream(text.split(SEPARATOR, -1)).map(String::strip).toList());
    }

    /** This category and its ancestors, the root first. */
    List<Category> lineage() {
        List<Category> all = new ArrayList<>(path.size());
        for (int depth = 1; depth < path.size(); depth++) {
            all.add(new Category(path.subList(0, depth)));
        }
        all.add(this);
        return all;
    }

    /** The ancestor whose path has {@code depth} names, or this category if its path is not longer. */
    public Category at(int depth) {
        return depth >= path.size() ? this : new Category(path.subList(0, depth));
    }

    private static String join(List<String> path) {
        return String.join(" " + SEPARATOR + " ", path);
    }

    @Override
    public String toString() {
        return join(path);
    }
}
