package io.github.ttt4rec.kernels;

/** Reductions over a row of scores, for softmax and ranking. Part of {@link Kernels}. */
public interface SoftmaxKernels {
    /** The largest of n elements; n is at least 1. */
    float max(int n, float[] x, int xOffset);

    /**
     * {@code x = exp(x − shift)} in place over n elements, which must not exceed the shift by more than 88; returns their
     * sum.
     */
    float expAndSum(int n, float[] x, int xOffset, float shift);

    /** The number of elements, out of n, that are NOT less than the threshold, which includes NaN. */
    int countNotLess(int n, float[] x, int xOffset, float threshold);
}
