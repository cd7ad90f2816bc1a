/** Options that several benchmarks have. */
@NullMarked
package io.github.ttt4rec.benchmarks.option;

import org.jspecify.annotations.NullMarked;
