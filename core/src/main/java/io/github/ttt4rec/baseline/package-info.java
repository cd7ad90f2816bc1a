/**
 * The models that TTT4Rec is compared with, as published, with the published code's parameter names: one class each beside
 * the record of its hyperparameters, whose defaults are the published ones.
 */
@NullMarked
package io.github.ttt4rec.baseline;

import org.jspecify.annotations.NullMarked;
