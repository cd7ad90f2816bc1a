package io.github.ttt4rec.model;

/**
 * The effect of one event on the fast weights. Event i (0-based) of an inner mini-batch of K events has the inner loss
 * {@code ℓ(W) = ½‖LN(F(K_i; W)) − (V_i − K_i)‖²}. W are the fast weights at the start of the mini-batch, and all its
 * inner gradients are taken there. A full mini-batch changes W to {@code W − Σ_i s_(K−1)·lr_i·∇ℓ_i(W)}; the step of
 * event i is its term of that sum. Until the mini-batch is full, position j ≥ i in it sees event i's step with the
 * larger scale {@code s_j}. An inner learning rate of 0 gives a change of 0. LN is the identity in a network without
 * inner LayerNorm.
 *
 * @param loss the inner loss ℓ(W), summed over a head's features and averaged over heads and layers. A large loss means
 *     that the fast weights did not expect this event
 * @param change the Euclidean norm of the event's own step {@code s_(K−1)·lr_i·∇ℓ_i(W)} over all heads and layers
 */
public record InnerStep(double loss, double change) {}
