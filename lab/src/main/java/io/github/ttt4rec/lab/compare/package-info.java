/**
 * Compares recommenders on one log: trains and tests each with every seed, saves finished runs, and tests the
 * differences for significance. Start reading at {@link io.github.ttt4rec.lab.compare.Comparison}; a new recommender is
 * one line in {@link io.github.ttt4rec.lab.compare.Methods}.
 */
@NullMarked
package io.github.ttt4rec.lab.compare;

import org.jspecify.annotations.NullMarked;
