/**
 * The same recommender on Apache Flink, for more users or events than one server takes: events, users' histories and fast
 * weights are keyed state, the model is broadcast.
 *
 * <p>{@link io.github.ttt4rec.flink.job.RecommendFunction} is the heart: what becomes of one event, one request, one new model. It
 * keeps state and leaves what is computed to {@link io.github.ttt4rec.live}, as the server does. {@link
 * io.github.ttt4rec.flink.job.RecommendJob} puts sources and sinks around it.
 */
@NullMarked
package io.github.ttt4rec.flink;

import org.jspecify.annotations.NullMarked;
