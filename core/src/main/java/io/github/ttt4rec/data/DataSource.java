package io.github.ttt4rec.data;

import java.util.List;

/**
 * The origin of a data set, and the number of events that each step kept.
 *
 * @param file the file's name, without its directory
 * @param sha256 the SHA-256 of the file's bytes, in hex
 * @param steps the counts after reading, de-duplication and each filter, in order
 */
public record DataSource(String file, String sha256, List<Step> steps) {
    /** The counts after one step; {@code dropped} is the number of rows that the step removed. */
    public record Step(String name, long users, long items, long interactions, long dropped) {}
}
