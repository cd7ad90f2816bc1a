package io.github.ttt4rec.kernels;

/**
 * The kernels in plain loops: the reference that the vector kernels are tested against, and the fallback where the
 * incubator module is missing. Reductions run in double: being right matters more here than being fast.
 */
final class ScalarKernels implements Kernels {
    private static final double TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            float[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        for (int i = 0; i < m; i++) {
            int ci = cOffset + i * cRow;
            if (!accumulate) {
                java.util.Arrays.fill(c, ci, ci + n, 0f);
            }
            for (int p = 0; p < k; p++) {
                axpy(n, a[aOffset + i * aRow + p * aColumn], b, bOffset + p * bRow, c, ci);
            }
        }
    }

    @Override
    public void gemmRows(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            float[] b,
            int bOffset,
            int bRow,
            float[] c,
            int cOffset,
            int cRow) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                c[cOffset + i * cRow + j] = dot(k, a, aOffset + i * aRow, b, bOffset + j * bRow);
            }
        }
    }

    @Override
    public void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = alpha * x[xOffset + i];
        }
    }

    @Override
    public void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i++) {
            z[zOffset + i] = x[xOffset + i] * y[yOffset + i];
        }
    }

    @Override
    public void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i++) {
            z[zOffset + i] = Math.fma(x[xOffset + i], y[yOffset + i], z[zOffset + i]);
        }
    }

    @Override
    public float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) x[xOffset + i] * y[yOffset + i];
        }
        return (float) sum;
    }

    @Override
    public void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
        for (int r = 0; r < rows; r++) {
            axpy(n, 1f, x, xOffset + r * xRow, y, yOffset);
        }
    }

    @Override
    public float max(int n, float[] x, int xOffset) {
        float max = x[xOffset];
        for (int i = 1; i < n; i++) {
            max = Math.max(max, x[xOffset + i]);
        }
        return max;
    }

    @Override
    public float expAndSum(int n, float[] x, int xOffset, float shift) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            float e = (float) Math.exp(x[xOffset + i] - shift);
            x[xOffset + i] = e;
            sum += e;
        }
        return (float) sum;
    }

    @Override
    public int countNotLess(int n, float[] x, int xOffset, float threshold) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (!(x[xOffset + i] < threshold)) {
                count++;
            }
        }
        return count;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** σ(g(x)) with g(x) = 2√(2/π)(x + 0.044715x³). */
    private static double geluGate(double x) {
        return sigmoid(TWICE_SQRT_2_OVER_PI * (x + CUBIC * x * x * x));
    }

    private static double geluDerivative(double x) {
        double s = geluGate(x);
        double slope = TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
        return s + x * s * (1 - s) * slope;
    }

    @Override
    public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset) {
        for (int i = 0; i < n; i++) {
            float xi = x[xOffset + i];
            y[yOffset + i] = (float) (xi * geluGate(xi));
            derivative[derivativeOffset + i] = (float) geluDerivative(xi);
        }
    }

    @Override
    public void geluSecondDerivative(int n, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            double xi = x[xOffset + i];
            double s = geluGate(xi);
            double slope = TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * xi * xi);
            double curvature = TWICE_SQRT_2_OVER_PI * 6 * CUBIC * xi;
            double ds = s * (1 - s) * slope;
            double dds = ds * (1 - 2 * s) * slope + s * (1 - s) * curvature;
            y[yOffset + i] = (float) (2 * ds + xi * dds);
        }
    }

    @Override
    public void siluMultiply(int n, float[] gate, float[] up, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (gate[i] * sigmoid(gate[i])) * up[i];
        }
    }

    @Override
    public void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp) {
        for (int i = 0; i < n; i++) {
            double s = sigmoid(gate[i]);
            dGate[i] += (float) (dy[i] * up[i] * (s + gate[i] * s * (1 - s)));
            dUp[i] += (float) (dy[i] * gate[i] * s);
        }
    }

    @Override
    public void geluMultiply(int n, float[] gate, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (gate[i] * geluGate(gate[i])) * x[i];
        }
    }

    @Override
    public void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx) {
        for (int i = 0; i < n; i++) {
            dGate[i] += (float) (dy[i] * x[i] * geluDerivative(gate[i]));
            dx[i] += (float) (dy[i] * gate[i] * geluGate(gate[i]));
        }
    }

    /** Φ(x), by its series Φ = ½ + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1)), all of whose terms have one sign. */
    private static double normalDistribution(double x) {
        if (Math.abs(x) > 7) {
            return x > 0 ? 1 : 0;
        }
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * normalDensity(x);
    }

    private static double normalDensity(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Override
    public void normalGelu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (x[i] * normalDistribution(x[i]));
        }
    }

    @Override
    public void normalGeluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            dx[i] += (float) (dy[i] * (normalDistribution(x[i]) + x[i] * normalDensity(x[i])));
        }
    }

    @Override
    public void silu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (x[i] * sigmoid(x[i]));
        }
    }

    @Override
    public void siluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            double s = sigmoid(x[i]);
            dx[i] += (float) (dy[i] * (s + x[i] * s * (1 - s)));
        }
    }

    @Override
    public void softplus(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i]))));
        }
    }

    @Override
    public void softplusBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            dx[i] += (float) (dy[i] * sigmoid(x[i]));
        }
    }

    @Override
    public void selectiveStep(
            int channels,
            int states,
            float[] dt,
            int dtOffset,
            float[] u,
            int uOffset,
            float[] a,
            float[] b,
            int bOffset,
            float[] cs,
            int csOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] y,
            int yOffset) {
        for (int c = 0; c < channels; c++) {
            double step = dt[dtOffset + c];
            double sum = 0;
            for (int i = 0; i < states; i++) {
                int at = i * channels + c;
                float state = (float)
                        (Math.exp(step * a[at]) * before[beforeOffset + at] + step * u[uOffset + c] * b[bOffset + i]);
                after[afterOffset + at] = state;
                sum += (double) cs[csOffset + i] * state;
            }
            y[yOffset + c] = (float) sum;
        }
    }

    @Override
    public void selectiveStepBackward(
            int channels,
            int states,
            float[] dt,
            float[] u,
            float[] dy,
            int offset,
            float[] a,
            float[] b,
            float[] cs,
            int stateOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] dState,
            float[] dDt,
            float[] dU,
            float[] dA,
            float[] dB,
            float[] dCs) {
        for (int i = 0; i < states; i++) {
            double sumB = 0;
            double sumC = 0;
            for (int c = 0; c < channels; c++) {
                int at = i * channels + c;
                int column = offset + c;
                double g = dState[at] + (double) cs[stateOffset + i] * dy[column];
                sumC += (double) after[afterOffset + at] * dy[column];
                sumB += g * dt[column] * u[column];
                double throughInput = g * b[stateOffset + i];
                double kept = g * Math.exp((double) dt[column] * a[at]);
                double throughDecay = kept * before[beforeOffset + at];
                dU[column] += (float) (throughInput * dt[column]);
                dDt[column] += (float) (throughInput * u[column] + throughDecay * a[at]);
                dA[at] += (float) (throughDecay * dt[column]);
                dState[at] = (float) kept;
            }
            dB[stateOffset + i] += (float) sumB;
            dCs[stateOffset + i] += (float) sumC;
        }
    }

    @Override
    public void sigmoid(int n, float factor, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (factor * sigmoid(x[i]));
        }
    }

    @Override
    public void gru(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] next,
            int nextOffset) {
        for (int row = 0; row < rows; row++) {
            int a = gatesOffset + row * 3 * n;
            int b = recurrentOffset + row * 3 * n;
            for (int i = 0; i < n; i++) {
                double r = sigmoid((double) gates[a + i] + recurrent[b + i]);
                double z = sigmoid((double) gates[a + n + i] + recurrent[b + n + i]);
                double c = Math.tanh(gates[a + 2 * n + i] + r * recurrent[b + 2 * n + i]);
                gates[a + i] = (float) r;
                gates[a + n + i] = (float) z;
                gates[a + 2 * n + i] = (float) c;
                next[nextOffset + row * n + i] = (float) ((1 - z) * c + z * previous[previousOffset + row * n + i]);
            }
        }
    }

    @Override
    public void gruBackward(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] dNext,
            int dNextOffset,
            float[] dPrevious,
            int dPreviousOffset) {
        for (int row = 0; row < rows; row++) {
            int a = gatesOffset + row * 3 * n;
            int b = recurrentOffset + row * 3 * n;
            for (int i = 0; i < n; i++) {
                double r = gates[a + i];
                double z = gates[a + n + i];
                double c = gates[a + 2 * n + i];
                double d = dNext[dNextOffset + row * n + i];
                double dUpdate = d * (previous[previousOffset + row * n + i] - c) * z * (1 - z);
                double dCandidate = d * (1 - z) * (1 - c * c);
                double dReset = dCandidate * recurrent[b + 2 * n + i] * r * (1 - r);
                gates[a + i] = (float) dReset;
                gates[a + n + i] = (float) dUpdate;
                gates[a + 2 * n + i] = (float) dCandidate;
                recurrent[b + i] = (float) dReset;
                recurrent[b + n + i] = (float) dUpdate;
                recurrent[b + 2 * n + i] = (float) (dCandidate * r);
                dPrevious[dPreviousOffset + row * n + i] += (float) (d * z);
            }
        }
    }

    @Override
    public void sigmoidScores(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] y,
            int yOffset) {
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += weight[i] * sigmoid((double) query[queryOffset + i] + keys[keysOffset + row * n + i]);
            }
            y[yOffset + row] = (float) sum;
        }
    }

    @Override
    public void sigmoidScoresBackward(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] dy,
            int dyOffset,
            float[] dQuery,
            int dQueryOffset,
            float[] dKeys,
            int dKeysOffset,
            float[] dWeight) {
        for (int row = 0; row < rows; row++) {
            double d = dy[dyOffset + row];
            for (int i = 0; i < n; i++) {
                double s = sigmoid((double) query[queryOffset + i] + keys[keysOffset + row * n + i]);
                float slope = (float) (d * weight[i] * s * (1 - s));
                dWeight[i] += (float) (d * s);
                dQuery[dQueryOffset + i] += slope;
                dKeys[dKeysOffset + row * n + i] += slope;
            }
        }
    }

    @Override
    public void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y) {
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            for (int i = 0; i < n; i++) {
                y[o + i] = gain[i] * (x[o + i] * scale);
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

    @Override
    public void rmsNormBackward(
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

    @Override
    public void layerNorm(
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
    public void layerNormBackward(
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
    public void normalizedRegression(
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
    public void normalizedRegressionBackward(
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

    @Override
    public void adam(
            int from,
            int to,
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            float stepSize,
            float vCorrection,
            float beta1,
            float beta2,
            float epsilon) {
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            w[i] -= stepSize * m[i] / ((float) Math.sqrt(v[i] * vCorrection) + epsilon);
        }
    }
}
