/** Training of networks: all positions of a sequence in one pass, data-parallel, bit-reproducible and interruptible. */
@NullMarked
package io.github.ttt4rec.train;

import org.jspecify.annotations.NullMarked;
