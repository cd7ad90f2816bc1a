/**
 * A client of the ttt4rec server, {@link io.github.ttt4rec.client.Client}, and records of its requests and responses.
 */
@NullMarked
package io.github.ttt4rec.client;

import org.jspecify.annotations.NullMarked;
