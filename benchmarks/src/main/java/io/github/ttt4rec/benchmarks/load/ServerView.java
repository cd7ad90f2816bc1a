package io.github.ttt4rec.benchmarks.load;

/**
 * The target server's description of itself.
 *
 * @param model version of its model
 * @param type type of its model
 * @param policy history policy
 * @param items items in its catalogue
 */
public record ServerView(String model, String type, String policy, long items) {}
