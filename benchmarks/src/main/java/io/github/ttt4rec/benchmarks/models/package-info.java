/** Synthetic logs and models of any size, generated from a seed. */
@NullMarked
package io.github.ttt4rec.benchmarks.models;

import org.jspecify.annotations.NullMarked;
