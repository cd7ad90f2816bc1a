package io.github.ttt4rec.flink.state;

/**
 * A row that could not be parsed.
 *
 * @param message the row's place and the error
 */
public record BadRow(String message) implements Row {}
