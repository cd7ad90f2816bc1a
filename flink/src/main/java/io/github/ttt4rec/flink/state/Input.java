package io.github.ttt4rec.flink.state;

/** An event or a request of a user. */
public sealed interface Input extends Row permits UserEvent, UserRequest {
    /** The user's id. */
    String user();
}
