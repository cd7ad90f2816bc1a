package io.github.ttt4rec.flink.state;

/** A row that a source read: a user's input, or a bad row. */
public sealed interface Row permits Input, BadRow {}
