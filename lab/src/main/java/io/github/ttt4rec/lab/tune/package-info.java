/**
 * Searches the settings of a recommender for those with the best validation NDCG@10: by tree-structured Parzen estimators or
 * at random, stopping bad trials early, resuming where it was stopped. It does not look at the test part. Start reading at
 * {@link io.github.ttt4rec.lab.tune.Tuning}; the ranges searched without being told are in
 * {@link io.github.ttt4rec.lab.tune.DefaultSpaces}.
 *
 * <p>Why no library does this: none that is kept up fits. Smile's {@code smile.hpo} draws at random or from a grid, and is
 * under the GPL. Arbiter of Deeplearning4j, at random or genetic, ended with 1.0.0-beta7. The Bayesian optimisers for Scala are of 2019
 * and for Scala 2.11. Newer ports of Optuna's sampler are parts of database tools, not published for others. Jenetics is
 * well kept, but evolution needs hundreds of trials, and training allows tens. The estimator here is 200 lines.
 */
@NullMarked
package io.github.ttt4rec.lab.tune;

import org.jspecify.annotations.NullMarked;
