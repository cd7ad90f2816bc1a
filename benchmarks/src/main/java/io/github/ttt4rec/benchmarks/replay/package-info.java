/** Replays a log through a server, in order, and draws the quality of its lists by week. */
@NullMarked
package io.github.ttt4rec.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
