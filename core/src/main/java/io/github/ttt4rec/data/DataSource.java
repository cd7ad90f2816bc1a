package io.github.ttt4rec.data;

import java.util.List;

/**
 * Where a data set came from and what each step left of it.
 *
 * @param file the file's name, without its directory
 * @param sha256 of the file's bytes, in hex
 * @param steps reading, de-duplication and each filter, in order
 */
public record DataSource(String file, String sha256, List<Step> steps) {
    /** What one step left. {@code dropped} rows are counted, never silent. */
    public record Step(String name, long users, long items, long interactions, long dropped) {}
}
