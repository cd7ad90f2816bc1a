/**
 * The durable truth: every user's events in order, in one SQLite file. Knows no models.
 *
 * <p>{@link io.github.ttt4rec.serve.store.EventStore} is the front; read its description for what is promised.
 */
@NullMarked
package io.github.ttt4rec.serve.store;

import org.jspecify.annotations.NullMarked;
