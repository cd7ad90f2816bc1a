/** Helpers of the numeric tests: random numbers, buffers that notice stray writes, finite differences. */
@NullMarked
package io.github.ttt4rec.testing;

import org.jspecify.annotations.NullMarked;
