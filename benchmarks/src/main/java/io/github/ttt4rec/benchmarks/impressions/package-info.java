/** A simulated shop whose users are shown lists: whether retraining gains from the items that they did not take. */
@NullMarked
package io.github.ttt4rec.benchmarks.impressions;

import org.jspecify.annotations.NullMarked;
