package io.github.ttt4rec.kernels;

/** Reductions over a row of scores, for softmax and ranking. */
interface ScalarSoftmax extends SoftmaxKernels {
    @Override
    default float max(int n, float[] x, int xOffset) {
        float max = x[xOffset];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, x[xOffset + i]);
        }
        return max;
    }

    @Override
    default float expAndSum(int n, float[] x, int xOffset, float shift) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float e = (float) Math.exp(x[xOffset + i] - shift);
            x[xOffset + i] = e;
            sum += e;
        }
        return (float) sum;
    }

    @Override
    default int countNotLess(int n, float[] x, int xOffset, float threshold) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (!(x[xOffset + i] < threshold)) {
                count++;
            }
        }
        return count;
    }
}
