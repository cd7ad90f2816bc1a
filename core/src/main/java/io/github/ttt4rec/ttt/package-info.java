/**
 * The paper's network, written top to bottom ({@link io.github.ttt4rec.ttt.TttModel}, {@link io.github.ttt4rec.ttt.TttBlock}), and
 * its TTT layer (Sun et al. 2024, arXiv 2407.04620), the heart of the project: fast weights that take one step of gradient descent
 * on a self-supervised loss for every event, in training and in serving alike.
 *
 * <p>Legend. f: head size; w: the inner hidden width (4f for the MLP); K: inner mini-batch size; n ≤ K: rows at hand. For
 * one head and one inner mini-batch: x {@code (n, f)} keys, q {@code (n, f)} queries, target = value − key, W the fast
 * weights at the START of the mini-batch. {@link io.github.ttt4rec.ttt.InnerModel} holds the arithmetic of one head and
 * one mini-batch in the dual form: {@code F(q_i; W_i) = F(q_i; W) − Σ_{j ≤ i} s_i·lr_j·(q_i·x_j + 1)·g_j}, which needs
 * matrix products only and never builds W_i. {@link io.github.ttt4rec.ttt.TttScan} walks sequences, heads and
 * mini-batches. Streaming is the same walk with a {@link io.github.ttt4rec.ttt.FastWeights} carried along, so both forms
 * run the same kernels.
 */
@NullMarked
package io.github.ttt4rec.ttt;

import org.jspecify.annotations.NullMarked;
