/**
 * The JMH benchmarks, one class for each kind of work, with the operations and bytes that the work requires. Each
 * benchmark uses one thread, at the sizes of the default model: d = 64, 4 heads of 16, inner mini-batches of 8.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
