/** The Flink job: the function that keeps users' state, the dataflow around it, and the source of models. */
@NullMarked
package io.github.ttt4rec.flink.job;

import org.jspecify.annotations.NullMarked;
