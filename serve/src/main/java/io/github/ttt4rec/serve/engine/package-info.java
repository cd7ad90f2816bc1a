/**
 * The online engine: takes events, makes them durable, trains each user's fast weights with them, and recommends.
 *
 * <p>{@link io.github.ttt4rec.serve.engine.Engine} is the front. Events are the truth and fast weights a cache: whatever is
 * in memory can be dropped at any time and is rebuilt by replaying the stored events.
 */
@NullMarked
package io.github.ttt4rec.serve.engine;

import org.jspecify.annotations.NullMarked;
