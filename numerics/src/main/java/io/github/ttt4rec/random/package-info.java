/** Random bits that depend only on a seed and a position. */
@NullMarked
package io.github.ttt4rec.random;

import org.jspecify.annotations.NullMarked;
