/** Random bits that depend on a seed and a position alone. */
@NullMarked
package io.github.ttt4rec.random;

import org.jspecify.annotations.NullMarked;
