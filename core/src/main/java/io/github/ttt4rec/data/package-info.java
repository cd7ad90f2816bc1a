/**
 * Interaction logs as packed data sets, and their splits. Start at {@link io.github.ttt4rec.data.read.Datasets}; how a
 * file is read is {@link io.github.ttt4rec.data.ReadOptions}, what is kept of it
 * {@link io.github.ttt4rec.data.PrepareOptions}, and which part is for what {@link io.github.ttt4rec.data.SplitSpec}.
 */
@NullMarked
package io.github.ttt4rec.data;

import org.jspecify.annotations.NullMarked;
