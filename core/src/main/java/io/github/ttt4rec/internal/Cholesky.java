package io.github.ttt4rec.internal;

/** Solves systems of linear equations with a positive definite matrix. */
public final class Cholesky {
    private Cholesky() {}

    /**
     * The solution x of {@code A·x = b}.
     *
     * @param a the lower triangle of A, which is replaced by its Cholesky factor
     */
    public static double[] solve(double[][] a, double[] b) {
        factor(a);
        return solveFactored(a, b);
    }

    /** Replaces the lower triangle of A by its Cholesky factor. */
    public static void factor(double[][] a) {
        for (int j = 0; j < a.length; j++) {
            for (int i = j; i < a.length; i++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                // Rounding can make a diagonal entry of a nearly singular matrix negative.
                a[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j][j];
            }
        }
    }

    /**
     * The solution x of {@code A·x = b}.
     *
     * @param factor A's Cholesky factor, as {@link #factor} leaves it
     */
    public static double[] solveFactored(double[][] factor, double[] b) {
        int n = b.length;
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= factor[i][k] * x[k];
            }
            x[i] /= factor[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= factor[k][i] * x[k];
            }
            x[i] /= factor[i][i];
        }
        return x;
    }
}
