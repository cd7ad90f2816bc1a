package io.github.ttt4rec.kernels;

/** Norms of rows, and the inner loss's gradient, which contains one. */
interface ScalarNorm extends NormKernels {
    @Override
    default void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y) {
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            for (int i = 0; i < n; i++) {
                y[o + i] = gain[i] * (x[o + i] * scale);
            }
        }
    }

    @Override
    default void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain) {
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            double projection = 0;
            for (int i = 0; i < n; i++) {
                float normalized = x[o + i] * scale;
                dGain[i] += dy[o + i] * normalized;
                projection += (double) dy[o + i] * gain[i] * normalized;
            }
            projection /= n;
            for (int i = 0; i < n; i++) {
                dx[o + i] += (float) (scale * (dy[o + i] * gain[i] - x[o + i] * scale * projection));
            }
        }
    }

    @Override
    default void layerNorm(
            int rows,
            int n,
            float[] x,
            int xOffset,
            int xRow,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] y,
            int yOffset,
            int yRow) {
        for (int r = 0; r < rows; r++) {
            int xo = xOffset + r * xRow;
            int yo = yOffset + r * yRow;
            double mean = mean(n, x, xo);
            double inverse = inverseDeviation(n, x, xo, mean, epsilon);
            for (int i = 0; i < n; i++) {
                y[yo + i] = (float) ((x[xo + i] - mean) * inverse * gain[gainOffset + i] + bias[gainOffset + i]);
            }
        }
    }

    @Override
    default void layerNormBackward(
            int rows,
            int n,
            float[] x,
            int xOffset,
            int xRow,
            float[] gain,
            int gainOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            int dyRow,
            float[] dx,
            int dxOffset,
            int dxRow,
            float[] dGain,
            float[] dBias,
            int dGainOffset) {
        for (int r = 0; r < rows; r++) {
            int xo = xOffset + r * xRow;
            int yo = dyOffset + r * dyRow;
            int go = dxOffset + r * dxRow;
            double mean = mean(n, x, xo);
            double inverse = inverseDeviation(n, x, xo, mean, epsilon);
            double meanOfGradient = 0;
            double projection = 0;
            for (int i = 0; i < n; i++) {
                double normalized = (x[xo + i] - mean) * inverse;
                double g = (double) dy[yo + i] * gain[gainOffset + i];
                dGain[dGainOffset + i] += (float) (dy[yo + i] * normalized);
                dBias[dGainOffset + i] += dy[yo + i];
                meanOfGradient += g;
                projection += g * normalized;
            }
            meanOfGradient /= n;
            projection /= n;
            for (int i = 0; i < n; i++) {
                double normalized = (x[xo + i] - mean) * inverse;
                double g = (double) dy[yo + i] * gain[gainOffset + i];
                dx[go + i] += (float) (inverse * (g - meanOfGradient - normalized * projection));
            }
        }
    }

    @Override
    default void normalizedRegression(
            int rows,
            int n,
            float[] z,
            int zOffset,
            float[] target,
            int targetOffset,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] y,
            int yOffset) {
        for (int r = 0; r < rows; r++) {
            int zo = zOffset + r * n;
            int to = targetOffset + r * n;
            double mean = mean(n, z, zo);
            double inverse = inverseDeviation(n, z, zo, mean, epsilon);
            double meanOfGradient = 0;
            double projection = 0;
            for (int i = 0; i < n; i++) {
                double normalized = (z[zo + i] - mean) * inverse;
                double gamma = gain[gainOffset + i];
                double g = gamma * (gamma * normalized + bias[gainOffset + i] - target[to + i]);
                meanOfGradient += g;
                projection += g * normalized;
            }
            meanOfGradient /= n;
            projection /= n;
            for (int i = 0; i < n; i++) {
                double normalized = (z[zo + i] - mean) * inverse;
                double gamma = gain[gainOffset + i];
                double g = gamma * (gamma * normalized + bias[gainOffset + i] - target[to + i]);
                y[yOffset + r * n + i] = (float) (inverse * (g - meanOfGradient - normalized * projection));
            }
        }
    }

    @Override
    default void normalizedRegressionBackward(
            int rows,
            int n,
            float[] z,
            int zOffset,
            float[] target,
            int targetOffset,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            float[] dz,
            int dzOffset,
            float[] dTarget,
            int dTargetOffset,
            float[] dGain,
            float[] dBias,
            int dGainOffset) {
        double[] normalized = new double[n];
        double[] g = new double[n];
        double[] residual = new double[n];
        double[] dNormalized = new double[n];
        for (int r = 0; r < rows; r++) {
            int zo = zOffset + r * n;
            int yo = dyOffset + r * n;
            double mean = mean(n, z, zo);
            double inverse = inverseDeviation(n, z, zo, mean, epsilon);
            double meanG = 0;
            double projection = 0;
            double meanE = 0;
            double projectionE = 0;
            for (int i = 0; i < n; i++) {
                double gamma = gain[gainOffset + i];
                normalized[i] = (z[zo + i] - mean) * inverse;
                residual[i] = gamma * normalized[i] + bias[gainOffset + i] - target[targetOffset + r * n + i];
                g[i] = gamma * residual[i];
                meanG += g[i] / n;
                projection += g[i] * normalized[i] / n;
                meanE += inverse * dy[yo + i] / n;
                projectionE += inverse * dy[yo + i] * normalized[i] / n;
            }
            double dDeviation = 0;
            double meanN = 0;
            double projectionN = 0;
            for (int i = 0; i < n; i++) {
                double gamma = gain[gainOffset + i];
                double e = inverse * dy[yo + i];
                double y = inverse * (g[i] - meanG - normalized[i] * projection);
                double dG = e - meanE - normalized[i] * projectionE;
                double dResidual = dG * gamma;
                dDeviation -= e * y;
                dGain[dGainOffset + i] += (float) (dG * residual[i] + dResidual * normalized[i]);
                dBias[dGainOffset + i] += (float) dResidual;
                dTarget[dTargetOffset + r * n + i] = (float) -dResidual;
                dNormalized[i] = dResidual * gamma - e * projection - projectionE * g[i];
                meanN += dNormalized[i] / n;
                projectionN += dNormalized[i] * normalized[i] / n;
            }
            for (int i = 0; i < n; i++) {
                dz[dzOffset + r * n + i] = (float) (inverse * (dNormalized[i] - meanN - normalized[i] * projectionN)
                        + dDeviation * normalized[i] / n);
            }
        }
    }

    private static float inverseRootMeanSquare(int n, float[] x, int offset, float epsilon) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) x[offset + i] * x[offset + i];
        }
        return (float) (1 / Math.sqrt(sum / n + epsilon));
    }

    private static double mean(int n, float[] x, int offset) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[offset + i];
        }
        return sum / n;
    }

    private static double inverseDeviation(int n, float[] x, int offset, double mean, float epsilon) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (x[offset + i] - mean) * (x[offset + i] - mean);
        }
        return 1 / Math.sqrt(sum / n + epsilon);
    }
}
