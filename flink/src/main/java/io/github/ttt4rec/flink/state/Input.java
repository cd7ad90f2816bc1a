package io.github.ttt4rec.flink.state;

/** What comes in for a user. */
public sealed interface Input extends Row permits UserEvent, UserRequest {
    /** The user's id. */
    String user();
}
