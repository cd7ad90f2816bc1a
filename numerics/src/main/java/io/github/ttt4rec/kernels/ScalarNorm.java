package io.github.ttt4rec.kernels;

/** Norms of rows, and the gradient of the inner loss, which contains a norm. */
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
    default void layerNorm(int rows, RowNorm norm, Matrix x, Matrix y) {
        int n = norm.width();
        Slice gain = gain(norm.affine());
        Slice bias = bias(norm.affine());
        for (int r = 0; r < rows; r++) {
            double mean = mean(n, x.array(), x.at(r));
            double inverse = inverseDeviation(n, x.array(), x.at(r), mean, norm.epsilon());
            for (int i = 0; i < n; i++) {
                y.set(r, i, (float) ((x.get(r, i) - mean) * inverse * gain.get(i) + bias.get(i)));
            }
        }
    }

    @Override
    default void layerNormBackward(int rows, RowNorm norm, Matrix x, Matrix dy, Matrix dx, Affine dAffine) {
        int n = norm.width();
        Slice gain = gain(norm.affine());
        Slice dGain = gain(dAffine);
        Slice dBias = bias(dAffine);
        for (int r = 0; r < rows; r++) {
            double mean = mean(n, x.array(), x.at(r));
            double inverse = inverseDeviation(n, x.array(), x.at(r), mean, norm.epsilon());
            double meanOfGradient = 0;
            double projection = 0;
            for (int i = 0; i < n; i++) {
                double normalized = (x.get(r, i) - mean) * inverse;
                double g = (double) dy.get(r, i) * gain.get(i);
                dGain.add(i, (float) (dy.get(r, i) * normalized));
                dBias.add(i, dy.get(r, i));
                meanOfGradient += g;
                projection += g * normalized;
            }
            meanOfGradient /= n;
            projection /= n;
            for (int i = 0; i < n; i++) {
                double normalized = (x.get(r, i) - mean) * inverse;
                double g = (double) dy.get(r, i) * gain.get(i);
                dx.add(r, i, (float) (inverse * (g - meanOfGradient - normalized * projection)));
            }
        }
    }

    @Override
    default void normalizedRegression(int rows, RowNorm norm, Slice z, Slice target, Slice y) {
        int n = norm.width();
        Slice gain = gain(norm.affine());
        Slice bias = bias(norm.affine());
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            double mean = mean(n, z.array(), z.offset() + o);
            double inverse = inverseDeviation(n, z.array(), z.offset() + o, mean, norm.epsilon());
            double meanOfGradient = 0;
            double projection = 0;
            for (int i = 0; i < n; i++) {
                double normalized = (z.get(o + i) - mean) * inverse;
                double gamma = gain.get(i);
                double g = gamma * (gamma * normalized + bias.get(i) - target.get(o + i));
                meanOfGradient += g;
                projection += g * normalized;
            }
            meanOfGradient /= n;
            projection /= n;
            for (int i = 0; i < n; i++) {
                double normalized = (z.get(o + i) - mean) * inverse;
                double gamma = gain.get(i);
                double g = gamma * (gamma * normalized + bias.get(i) - target.get(o + i));
                y.set(o + i, (float) (inverse * (g - meanOfGradient - normalized * projection)));
            }
        }
    }

    @Override
    default void normalizedRegressionBackward(
            int rows, RowNorm norm, Slice z, Slice target, Slice dy, Slice dz, Slice dTarget, Affine dAffine) {
        int n = norm.width();
        Slice gain = gain(norm.affine());
        Slice bias = bias(norm.affine());
        Slice dGain = gain(dAffine);
        Slice dBias = bias(dAffine);
        double[] normalized = new double[n];
        double[] g = new double[n];
        double[] residual = new double[n];
        double[] dNormalized = new double[n];
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            double mean = mean(n, z.array(), z.offset() + o);
            double inverse = inverseDeviation(n, z.array(), z.offset() + o, mean, norm.epsilon());
            double meanG = 0;
            double projection = 0;
            double meanE = 0;
            double projectionE = 0;
            for (int i = 0; i < n; i++) {
                double gamma = gain.get(i);
                normalized[i] = (z.get(o + i) - mean) * inverse;
                residual[i] = gamma * normalized[i] + bias.get(i) - target.get(o + i);
                g[i] = gamma * residual[i];
                meanG += g[i] / n;
                projection += g[i] * normalized[i] / n;
                meanE += inverse * dy.get(o + i) / n;
                projectionE += inverse * dy.get(o + i) * normalized[i] / n;
            }
            double dDeviation = 0;
            double meanN = 0;
            double projectionN = 0;
            for (int i = 0; i < n; i++) {
                double gamma = gain.get(i);
                double e = inverse * dy.get(o + i);
                double y = inverse * (g[i] - meanG - normalized[i] * projection);
                double dG = e - meanE - normalized[i] * projectionE;
                double dResidual = dG * gamma;
                dDeviation -= e * y;
                dGain.add(i, (float) (dG * residual[i] + dResidual * normalized[i]));
                dBias.add(i, (float) dResidual);
                dTarget.set(o + i, (float) -dResidual);
                dNormalized[i] = dResidual * gamma - e * projection - projectionE * g[i];
                meanN += dNormalized[i] / n;
                projectionN += dNormalized[i] * normalized[i] / n;
            }
            for (int i = 0; i < n; i++) {
                dz.set(o + i, (float) (inverse * (dNormalized[i] - meanN - normalized[i] * projectionN)
                        + dDeviation * normalized[i] / n));
            }
        }
    }

    private static Slice gain(Affine affine) {
        return new Slice(affine.gain(), affine.offset());
    }

    private static Slice bias(Affine affine) {
        return new Slice(affine.bias(), affine.offset());
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
