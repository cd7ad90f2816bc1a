/** Training: all positions of a sequence in one pass, data-parallel, reproducible to the bit, interruptible. */
@NullMarked
package io.github.ttt4rec.train;

import org.jspecify.annotations.NullMarked;
