/**
 * Retraining from what a server has stored: which events count, whether the new model may replace the served one, and how it
 * takes its place.
 */
@NullMarked
package io.github.ttt4rec.cli.retrain;

import org.jspecify.annotations.NullMarked;
