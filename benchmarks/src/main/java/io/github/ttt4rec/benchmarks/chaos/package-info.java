/**
 * Breaks a running server in many ways and compares what is left with what it had acknowledged.
 *
 * <p>{@link io.github.ttt4rec.benchmarks.chaos.ChaosCommand} is the front.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
