package io.github.ttt4rec.flink.state;

/** What a source read: something for a user, or a row that is none. */
public sealed interface Row permits Input, BadRow {}
