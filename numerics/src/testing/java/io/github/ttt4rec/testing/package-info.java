/** Helpers for numeric tests: random numbers, finite differences and checks of operations. */
@NullMarked
package io.github.ttt4rec.testing;

import org.jspecify.annotations.NullMarked;
