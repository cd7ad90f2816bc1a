package io.github.ttt4rec.flink.state;

/**
 * A row that cannot be read.
 *
 * @param message where it is and what is wrong
 */
public record BadRow(String message) implements Row {}
