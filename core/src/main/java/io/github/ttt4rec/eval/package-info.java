/**
 * Evaluation of recommenders: full ranking over the catalogue, the usual metrics with bootstrap intervals, and reports.
 * Depends on data sets, but on no model and no files.
 */
@NullMarked
package io.github.ttt4rec.eval;

import org.jspecify.annotations.NullMarked;
