package io.github.ttt4rec.kernels;

/**
 * The gain and bias of a norm, or their gradients: elements {@code offset .. offset + n − 1} of both arrays for rows of
 * n elements.
 */
public record Affine(float[] gain, float[] bias, int offset) {}
