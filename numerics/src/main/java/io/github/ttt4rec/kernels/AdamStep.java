package io.github.ttt4rec.kernels;

/**
 * The constants of one step of Adam (Kingma and Ba 2015, algorithm 1), including the bias correction.
 *
 * @param stepSize the learning rate divided by 1 − β₁ᵗ
 * @param vCorrection the value 1/(1 − β₂ᵗ)
 */
public record AdamStep(float stepSize, float vCorrection, float beta1, float beta2, float epsilon) {}
