/**
 * Searches for the settings of a recommender with the best validation NDCG@10, by tree-structured Parzen estimators or
 * at random. Bad trials are stopped early, and a stopped search can be resumed. The search does not use the test part.
 * Start reading at {@link io.github.ttt4rec.lab.tune.Tuning}; the default ranges are in
 * {@link io.github.ttt4rec.lab.tune.DefaultSpaces}.
 *
 * <p>No maintained library fits. Smile's {@code smile.hpo} draws at random or from a grid, and is under the GPL.
 * Arbiter of Deeplearning4j, at random or genetic, ended with 1.0.0-beta7. The Bayesian optimisers for Scala date from
 * 2019 and need Scala 2.11. Newer ports of Optuna's sampler are internal to database tools. Jenetics is well
 * maintained, but evolution needs hundreds of trials, and training allows only tens. The estimator here is 200 lines.
 */
@NullMarked
package io.github.ttt4rec.lab.tune;

import org.jspecify.annotations.NullMarked;
