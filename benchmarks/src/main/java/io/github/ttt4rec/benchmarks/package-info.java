/**
 * Measurements of speed, and comparisons with the machine's limits: {@code benchmarks/run}. Each command is a class in
 * this package; the JMH benchmarks are in {@code micro}. No other module depends on this one.
 */
@NullMarked
package io.github.ttt4rec.benchmarks;

import org.jspecify.annotations.NullMarked;
