/**
 * The paper's network ({@link io.github.ttt4rec.ttt.TttModel}, {@link io.github.ttt4rec.ttt.TttBlock}) and its TTT
 * layer (Sun et al. 2024, arXiv 2407.04620), whose fast weights take one step of gradient descent on a self-supervised
 * loss for every event, in training and in serving.
 *
 * <p>Symbols: f is the head size; w is the inner hidden width (4f for the MLP); K is the inner mini-batch size; n ≤ K
 * is the number of rows processed together. For one head and one inner mini-batch, x {@code (n, f)} are keys, q
 * {@code (n, f)} are queries, target = value − key, and W are the fast weights at the START of the mini-batch.
 * {@link io.github.ttt4rec.ttt.InnerModel} implements the arithmetic of one head and one mini-batch in the dual form:
 * {@code F(q_i; W_i) = F(q_i; W) − Σ_{j ≤ i} s_i·lr_j·(q_i·x_j + 1)·g_j}, which needs only matrix products and never
 * builds W_i. {@link io.github.ttt4rec.ttt.TttScan} iterates over sequences, heads and mini-batches. Streaming is the
 * same iteration with a {@link io.github.ttt4rec.ttt.FastWeights} as its state, so both forms run the same kernels.
 */
@NullMarked
package io.github.ttt4rec.ttt;

import org.jspecify.annotations.NullMarked;
