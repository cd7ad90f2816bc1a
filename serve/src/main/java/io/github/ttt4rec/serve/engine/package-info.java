/**
 * The online engine: stores events durably, trains each user's fast weights on them, and recommends.
 *
 * <p>{@link io.github.ttt4rec.serve.engine.Engine} is the entry point. The stored events are the source of truth and
 * fast weights are a cache: everything in memory can be dropped at any time and rebuilt by replaying the stored events.
 */
@NullMarked
package io.github.ttt4rec.serve.engine;

import org.jspecify.annotations.NullMarked;
