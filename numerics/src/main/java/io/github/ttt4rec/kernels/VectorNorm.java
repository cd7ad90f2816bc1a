package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;
import static io.github.ttt4rec.kernels.Lanes.sum;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The row kernels: norms and the inner loss's gradient. Statistics are recomputed in the backward pass from its input; a
 * row is 16 to 256 floats in L1, so that costs less than storing and reading them would.
 */
interface VectorNorm extends NormKernels {
    private static float inverseRootMeanSquare(int n, float[] x, int offset, float epsilon) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, offset + i, mask(i, n));
            squares = v.fma(v, squares);
        }
        return (float) (1 / Math.sqrt(sum(squares) / n + epsilon));
    }

    @Override
    default void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y) {
        if (n % LANES == 0) {
            WholeVectorNorms.rmsNorm(rows, n, x, gain, epsilon, y);
            return;
        }
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector.fromArray(SPECIES, x, o + i, rest)
                        .mul(scale)
                        .mul(FloatVector.fromArray(SPECIES, gain, i, rest))
                        .intoArray(y, o + i, rest);
            }
        }
    }

    @Override
    default void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain) {
        if (n % LANES == 0) {
            WholeVectorNorms.rmsNormBackward(rows, n, x, gain, epsilon, dy, dx, dGain);
            return;
        }
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            FloatVector projection = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector product = FloatVector.fromArray(SPECIES, dy, o + i, rest)
                        .mul(FloatVector.fromArray(SPECIES, x, o + i, rest).mul(scale));
                FloatVector.fromArray(SPECIES, dGain, i, rest).add(product).intoArray(dGain, i, rest);
                projection = product.fma(FloatVector.fromArray(SPECIES, gain, i, rest), projection);
            }
            float mean = sum(projection) / n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector g = FloatVector.fromArray(SPECIES, dy, o + i, rest)
                        .mul(FloatVector.fromArray(SPECIES, gain, i, rest));
                FloatVector along =
                        FloatVector.fromArray(SPECIES, x, o + i, rest).mul(scale * mean);
                FloatVector.fromArray(SPECIES, dx, o + i, rest)
                        .add(g.sub(along).mul(scale))
                        .intoArray(dx, o + i, rest);
            }
        }
    }

    private static float mean(int n, float[] x, int offset) {
        FloatVector total = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            total = total.add(FloatVector.fromArray(SPECIES, x, offset + i, mask(i, n)));
        }
        return sum(total) / n;
    }

    private static float inverseDeviation(int n, float[] x, int offset, float mean, float epsilon) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector v = FloatVector.fromArray(SPECIES, x, offset + i, rest);
            FloatVector centred = FloatVector.zero(SPECIES).blend(v.sub(mean), rest);
            squares = centred.fma(centred, squares);
        }
        return (float) (1 / Math.sqrt(sum(squares) / n + epsilon));
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
        if (n == LANES) {
            OneVectorNorms.layerNorm(rows, x, xOffset, xRow, gain, bias, gainOffset, epsilon, y, yOffset, yRow);
            return;
        }
        if (n % LANES == 0) {
            WholeVectorNorms.layerNorm(rows, n, x, xOffset, xRow, gain, bias, gainOffset, epsilon, y, yOffset, yRow);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int xo = xOffset + r * xRow;
            int yo = yOffset + r * yRow;
            float mean = mean(n, x, xo);
            float inverse = inverseDeviation(n, x, xo, mean, epsilon);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector normalized = FloatVector.fromArray(SPECIES, x, xo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                normalized
                        .fma(
                                FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest),
                                FloatVector.fromArray(SPECIES, bias, gainOffset + i, rest))
                        .intoArray(y, yo + i, rest);
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
        if (n == LANES) {
            OneVectorNorms.layerNormBackward(
                    rows,
                    x,
                    xOffset,
                    xRow,
                    gain,
                    gainOffset,
                    epsilon,
                    dy,
                    dyOffset,
                    dyRow,
                    dx,
                    dxOffset,
                    dxRow,
                    dGain,
                    dBias,
                    dGainOffset);
            return;
        }
        if (n % LANES == 0) {
            WholeVectorNorms.layerNormBackward(
                    rows,
                    n,
                    x,
                    xOffset,
                    xRow,
                    gain,
                    gainOffset,
                    epsilon,
                    dy,
                    dyOffset,
                    dyRow,
                    dx,
                    dxOffset,
                    dxRow,
                    dGain,
                    dBias,
                    dGainOffset);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int xo = xOffset + r * xRow;
            int yo = dyOffset + r * dyRow;
            int go = dxOffset + r * dxRow;
            float mean = mean(n, x, xo);
            float inverse = inverseDeviation(n, x, xo, mean, epsilon);
            FloatVector total = FloatVector.zero(SPECIES);
            FloatVector along = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector d = FloatVector.fromArray(SPECIES, dy, yo + i, rest);
                FloatVector normalized = FloatVector.fromArray(SPECIES, x, xo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector g = d.mul(FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest));
                d.fma(normalized, FloatVector.fromArray(SPECIES, dGain, dGainOffset + i, rest))
                        .intoArray(dGain, dGainOffset + i, rest);
                d.add(FloatVector.fromArray(SPECIES, dBias, dGainOffset + i, rest))
                        .intoArray(dBias, dGainOffset + i, rest);
                total = total.add(g);
                along = g.fma(normalized, along);
            }
            float meanOfGradient = sum(total) / n;
            float projection = sum(along) / n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector normalized = FloatVector.fromArray(SPECIES, x, xo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector g = FloatVector.fromArray(SPECIES, dy, yo + i, rest)
                        .mul(FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest));
                FloatVector d =
                        g.sub(meanOfGradient).sub(normalized.mul(projection)).mul(inverse);
                FloatVector.fromArray(SPECIES, dx, go + i, rest).add(d).intoArray(dx, go + i, rest);
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
        if (n == LANES) {
            OneVectorNorms.normalizedRegression(
                    rows, z, zOffset, target, targetOffset, gain, bias, gainOffset, epsilon, y, yOffset);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int zo = zOffset + r * n;
            int to = targetOffset + r * n;
            int yo = yOffset + r * n;
            float mean = mean(n, z, zo);
            float inverse = inverseDeviation(n, z, zo, mean, epsilon);
            FloatVector total = FloatVector.zero(SPECIES);
            FloatVector along = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest);
                FloatVector normalized = FloatVector.fromArray(SPECIES, z, zo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector residual = normalized
                        .fma(gamma, FloatVector.fromArray(SPECIES, bias, gainOffset + i, rest))
                        .sub(FloatVector.fromArray(SPECIES, target, to + i, rest));
                FloatVector g = gamma.mul(residual);
                total = total.add(g);
                along = g.fma(normalized, along);
            }
            float meanOfGradient = sum(total) / n;
            float projection = sum(along) / n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest);
                FloatVector normalized = FloatVector.fromArray(SPECIES, z, zo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector residual = normalized
                        .fma(gamma, FloatVector.fromArray(SPECIES, bias, gainOffset + i, rest))
                        .sub(FloatVector.fromArray(SPECIES, target, to + i, rest));
                gamma.mul(residual)
                        .sub(meanOfGradient)
                        .sub(normalized.mul(projection))
                        .mul(inverse)
                        .intoArray(y, yo + i, rest);
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
        if (n == LANES && LANES >= OneVectorNorms.FEWEST_LANES) {
            OneVectorNorms.normalizedRegressionBackward(
                    rows,
                    z,
                    zOffset,
                    target,
                    targetOffset,
                    gain,
                    bias,
                    gainOffset,
                    epsilon,
                    dy,
                    dyOffset,
                    dz,
                    dzOffset,
                    dTarget,
                    dTargetOffset,
                    dGain,
                    dBias,
                    dGainOffset);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int zo = zOffset + r * n;
            int to = targetOffset + r * n;
            int yo = dyOffset + r * n;
            float mean = mean(n, z, zo);
            float inverse = inverseDeviation(n, z, zo, mean, epsilon);
            FloatVector sumG = FloatVector.zero(SPECIES);
            FloatVector alongG = FloatVector.zero(SPECIES);
            FloatVector sumE = FloatVector.zero(SPECIES);
            FloatVector alongE = FloatVector.zero(SPECIES);
            FloatVector sumEG = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest);
                FloatVector normalized = FloatVector.fromArray(SPECIES, z, zo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector residual = normalized
                        .fma(gamma, FloatVector.fromArray(SPECIES, bias, gainOffset + i, rest))
                        .sub(FloatVector.fromArray(SPECIES, target, to + i, rest));
                FloatVector g = gamma.mul(residual);
                FloatVector e = FloatVector.fromArray(SPECIES, dy, yo + i, rest).mul(inverse);
                sumG = sumG.add(g);
                alongG = g.fma(normalized, alongG);
                sumE = sumE.add(e);
                alongE = e.fma(normalized, alongE);
                sumEG = e.fma(g, sumEG);
            }
            float meanG = sum(sumG) / n;
            float projectionG = sum(alongG) / n;
            float meanE = sum(sumE) / n;
            float projectionE = sum(alongE) / n;
            // −Σ e·y with y = (g − mean g − x̂·projection)/s, the loss through the standard deviation.
            float dDeviation = -inverse * (sum(sumEG) - n * meanE * meanG - n * projectionE * projectionG);
            FloatVector sumN = FloatVector.zero(SPECIES);
            FloatVector alongN = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset + i, rest);
                FloatVector normalized = FloatVector.fromArray(SPECIES, z, zo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector residual = normalized
                        .fma(gamma, FloatVector.fromArray(SPECIES, bias, gainOffset + i, rest))
                        .sub(FloatVector.fromArray(SPECIES, target, to + i, rest));
                FloatVector e = FloatVector.fromArray(SPECIES, dy, yo + i, rest).mul(inverse);
                FloatVector dG = e.sub(meanE).sub(normalized.mul(projectionE));
                FloatVector dResidual = dG.mul(gamma);
                FloatVector.fromArray(SPECIES, dGain, dGainOffset + i, rest)
                        .add(dG.mul(residual))
                        .add(dResidual.mul(normalized))
                        .intoArray(dGain, dGainOffset + i, rest);
                FloatVector.fromArray(SPECIES, dBias, dGainOffset + i, rest)
                        .add(dResidual)
                        .intoArray(dBias, dGainOffset + i, rest);
                dResidual.neg().intoArray(dTarget, dTargetOffset + r * n + i, rest);
                FloatVector dNormalized = dResidual
                        .mul(gamma)
                        .sub(e.mul(projectionG))
                        .sub(gamma.mul(residual).mul(projectionE));
                FloatVector counted = FloatVector.zero(SPECIES).blend(dNormalized, rest);
                sumN = sumN.add(counted);
                alongN = counted.fma(normalized, alongN);
                dNormalized.intoArray(dz, dzOffset + r * n + i, rest);
            }
            float meanN = sum(sumN) / n;
            float projectionN = sum(alongN) / n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector normalized = FloatVector.fromArray(SPECIES, z, zo + i, rest)
                        .sub(mean)
                        .mul(inverse);
                FloatVector.fromArray(SPECIES, dz, dzOffset + r * n + i, rest)
                        .sub(meanN)
                        .sub(normalized.mul(projectionN))
                        .mul(inverse)
                        .add(normalized.mul(dDeviation / n))
                        .intoArray(dz, dzOffset + r * n + i, rest);
            }
        }
    }
}
