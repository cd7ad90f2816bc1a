/**
 * How fast it is, and how near to what the machine can do: {@code benchmarks/run}. A command of it is a class here; what
 * JMH measures is in {@code micro}. Nothing depends on this module.
 */
@NullMarked
package io.github.ttt4rec.benchmarks;

import org.jspecify.annotations.NullMarked;
