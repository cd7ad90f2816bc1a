package io.github.ttt4rec.flink.state;

/** A row that a source read: an input of a user, or a bad row. */
public sealed interface Row permits Input, BadRow {}
