package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendations;

/**
 * Recommendations for a user, and what they were made from.
 *
 * @param items the best items, best first; fewer than asked for if the filter leaves fewer. On the basis of popularity, the scores
 *     are numbers of interactions in training
 * @param modelVersion the model that made it
 * @param events the number of the user's events that it reflects, those of unknown items included
 */
public record Recommended(Recommendations items, String modelVersion, long events) {}
