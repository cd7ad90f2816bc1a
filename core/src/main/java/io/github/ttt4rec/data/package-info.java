/**
 * Interaction logs as packed data sets, and their splits. Start at {@link io.github.ttt4rec.data.read.Datasets}.
 * {@link io.github.ttt4rec.data.ReadOptions} sets how a file is read, {@link io.github.ttt4rec.data.PrepareOptions}
 * which events are kept, and {@link io.github.ttt4rec.data.SplitSpec} which of them are for training, validation and
 * test.
 */
@NullMarked
package io.github.ttt4rec.data;

import org.jspecify.annotations.NullMarked;
