package io.github.ttt4rec.model;

/**
 * What one event did to the fast weights. Event i (0-based) of an inner mini-batch of K events has the inner loss {@code
 * ℓ(W) = ½‖LN(F(K_i; W)) − (V_i − K_i)‖²}, where W are the fast weights at the START of its mini-batch: there the inner
 * gradient is taken. When the mini-batch is full, W becomes {@code W − Σ_i s_(K−1)·lr_i·∇ℓ_i(W)}; the event's own step is
 * its term of that sum. Until then the event acts on its mini-batch with the larger scale {@code s_j} of each position j ≥
 * i. With an inner learning rate of 0 the change is 0. In a network without inner LayerNorm LN is the identity.
 *
 * @param loss the inner loss ℓ(W), summed over a head's features, mean over heads and layers: how little the fast weights
 *     expected this event
 * @param change Euclidean norm of the event's own step {@code s_(K−1)·lr_i·∇ℓ_i(W)} over all heads and layers: by how much it
 *     moves the fast weights
 */
public record InnerStep(double loss, double change) {}
