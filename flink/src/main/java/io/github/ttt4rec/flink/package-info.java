/**
 * The recommender on Apache Flink, for more users or events than one server can handle. Users' histories and fast
 * weights are keyed state; the model is broadcast.
 *
 * <p>{@link io.github.ttt4rec.flink.job.RecommendFunction} processes each event, request and new model. It keeps the
 * state and leaves the computation to {@link io.github.ttt4rec.live}, as the server does.
 * {@link io.github.ttt4rec.flink.job.RecommendJob} connects it to sources and sinks.
 */
@NullMarked
package io.github.ttt4rec.flink;

import org.jspecify.annotations.NullMarked;
