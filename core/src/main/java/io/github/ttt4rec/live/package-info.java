/**
 * What following a user live comes to, whoever keeps the events: which of them a model reads, when fast weights can go on and
 * when they are built again, what another model makes of them, what may be recommended. The server and the Flink job are two
 * ways to keep events and states around this.
 *
 * <p>{@link io.github.ttt4rec.live.LiveModel} is a model with its history policy, {@link io.github.ttt4rec.live.LiveState} a
 * user's fast weights with what says which events they have read.
 */
@NullMarked
package io.github.ttt4rec.live;

import org.jspecify.annotations.NullMarked;
