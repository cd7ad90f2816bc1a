/**
 * The durable source of truth: every user's events in order, in one SQLite file. Independent of models.
 *
 * <p>{@link io.github.ttt4rec.serve.store.EventStore} is the entry point; its description states the guarantees.
 */
@NullMarked
package io.github.ttt4rec.serve.store;

import org.jspecify.annotations.NullMarked;
