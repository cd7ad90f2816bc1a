/**
 * Causes many kinds of faults in a running server and compares its state with the events that it acknowledged.
 *
 * <p>{@link io.github.ttt4rec.benchmarks.chaos.ChaosCommand} is the entry point.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
