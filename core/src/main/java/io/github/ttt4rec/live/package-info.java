/**
 * The rules for serving one user online, shared by the server and the Flink job: which events a model reads, when a state
 * can be continued and when it is rebuilt from the events, whether a state survives a change of models, and which items may be
 * recommended. The callers keep the events and the states.
 *
 * <p>{@link io.github.ttt4rec.live.LiveModel} is a model with its history policy, {@link io.github.ttt4rec.live.LiveState} a
 * user's state together with the range of events that it has read.
 */
@NullMarked
package io.github.ttt4rec.live;

import org.jspecify.annotations.NullMarked;
