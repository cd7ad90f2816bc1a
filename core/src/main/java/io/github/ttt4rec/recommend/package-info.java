/**
 * The recommender, network or not: how it is configured, what it reads of a history, how it scores evaluation cases, and
 * which items may be recommended.
 */
@NullMarked
package io.github.ttt4rec.recommend;

import org.jspecify.annotations.NullMarked;
