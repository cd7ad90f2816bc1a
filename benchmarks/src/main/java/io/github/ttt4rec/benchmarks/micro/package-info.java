/**
 * What JMH measures, one class for each kind of work, and the count of operations and bytes that the work must take. Each
 * benchmark is one thread's, at the sizes of the default model: d = 64, 4 heads of 16, inner mini-batches of 8.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
