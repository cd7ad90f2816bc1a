/** The formulas of metrics, shared by the evaluation and the lab. Nothing here is API. */
@NullMarked
package io.github.ttt4rec.eval.internal;

import org.jspecify.annotations.NullMarked;
