package io.github.ttt4rec.kernels;

/**
 * LayerNorm of rows (Ba, Kiros, Hinton 2016): {@code gain·(x − mean)/√(variance + epsilon) + bias}, with mean and
 * variance over the row.
 *
 * @param width the number of elements of a row
 */
public record RowNorm(Affine affine, int width, float epsilon) {}
