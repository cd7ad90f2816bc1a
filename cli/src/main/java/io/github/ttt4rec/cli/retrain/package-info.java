/**
 * Retraining from the events that a server has stored: the selection of events, the test whether the new model may
 * replace the served one, and the replacement.
 */
@NullMarked
package io.github.ttt4rec.cli.retrain;

import org.jspecify.annotations.NullMarked;
