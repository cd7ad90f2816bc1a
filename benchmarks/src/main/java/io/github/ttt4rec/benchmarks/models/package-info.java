/** Logs and models made up from a seed, in sizes that no real data at hand has. */
@NullMarked
package io.github.ttt4rec.benchmarks.models;

import org.jspecify.annotations.NullMarked;
