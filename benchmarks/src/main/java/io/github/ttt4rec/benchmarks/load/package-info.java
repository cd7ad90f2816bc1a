/**
 * A load generator for a server on this machine: requests go out at a constant rate whatever the answers do, and a request's
 * time counts from the moment it was due.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.load;

import org.jspecify.annotations.NullMarked;
