/**
 * A load generator for a server on this machine. Requests are sent at a constant rate regardless of the answers, and
 * the latency of a request counts from the moment it was due.
 */
@NullMarked
package io.github.ttt4rec.benchmarks.load;

import org.jspecify.annotations.NullMarked;
