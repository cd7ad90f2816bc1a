package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.internal.Failures;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A file with one number per item and line: line i (1-based) belongs to item index i. An empty file means that the
 * numbers are not known.
 */
final class ItemCounts {
    private ItemCounts() {}

    /** Writes {@code counts[1..]}; nothing if the array is empty. */
    static void write(long[] counts, Writer out) throws IOException {
        for (int item = 1; item < counts.length; item++) {
            out.write(Long.toString(counts[item]));
            out.write('\n');
        }
    }

    /** The counts by index, with 0 at index 0; an empty array for an empty file. */
    static long[] parse(byte[] bytes, Path path, int items) {
        if (bytes.length == 0) {
            return new long[0];
        }
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() != items) {
            throw Failures.problem(
                    path,
                    "has " + lines.size() + " lines, but " + ModelDirectory.ITEMS + " lists " + items
                            + " items: the files do not belong together");
        }
        long[] counts = new long[items + 1];
        for (int item = 1; item <= items; item++) {
            counts[item] = parseLine(lines.get(item - 1), item, path);
        }
        return counts;
    }

    private static long parseLine(String line, int number, Path path) {
        try {
            long count = Long.parseLong(line);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException wrong) {
            throw Failures.problem(path, "damaged: line " + number + " is no whole number", wrong);
        }
        throw Failures.problem(path, "damaged: line " + number + " is below 0");
    }
}
