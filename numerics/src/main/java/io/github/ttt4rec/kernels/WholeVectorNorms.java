package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.sum;

import jdk.incubator.vector.FloatVector;

/**
 * The norms of {@link VectorNorm} for rows of whole vectors, such as the hidden size. Without masks they are less code to
 * inline, of which C2 takes so much only: beyond that it allocates vectors as objects.
 */
final class WholeVectorNorms {
    private WholeVectorNorms() {}

    private static float inverseRootMeanSquare(int n, float[] x, int offset, float epsilon) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, offset + i);
            squares = v.fma(v, squares);
        }
        return (float) (1 / Math.sqrt(sum(squares) / n + epsilon));
    }

    static void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y) {
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            for (int i = 0; i < n; i += LANES) {
                FloatVector.fromArray(SPECIES, x, o + i)
                        .mul(scale)
                        .mul(FloatVector.fromArray(SPECIES, gain, i))
                        .intoArray(y, o + i);
            }
        }
    }

    static void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain) {
        for (int r = 0, o = 0; r < rows; r++, o += n) {
            float scale = inverseRootMeanSquare(n, x, o, epsilon);
            FloatVector projection = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                FloatVector product = FloatVector.fromArray(SPECIES, dy, o + i)
                        .mul(FloatVector.fromArray(SPECIES, x, o + i).mul(scale));
                FloatVector.fromArray(SPECIES, dGain, i).add(product).intoArray(dGain, i);
                projection = product.fma(FloatVector.fromArray(SPECIES, gain, i), projection);
            }
            float mean = sum(projection) / n;
            for (int i = 0; i < n; i += LANES) {
                FloatVector g = FloatVector.fromArray(SPECIES, dy, o + i).mul(FloatVector.fromArray(SPECIES, gain, i));
                FloatVector along = FloatVector.fromArray(SPECIES, x, o + i).mul(scale * mean);
                FloatVector.fromArray(SPECIES, dx, o + i)
                        .add(g.sub(along).mul(scale))
                        .intoArray(dx, o + i);
            }
        }
    }

    private static float mean(int n, float[] x, int offset) {
        FloatVector total = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            total = total.add(FloatVector.fromArray(SPECIES, x, offset + i));
        }
        return sum(total) / n;
    }

    private static float inverseDeviation(int n, float[] x, int offset, float mean, float epsilon) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, offset + i);
            FloatVector centred = v.sub(mean);
            squares = centred.fma(centred, squares);
        }
        return (float) (1 / Math.sqrt(sum(squares) / n + epsilon));
    }

    static void layerNorm(
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
            float mean = mean(n, x, xo);
            float inverse = inverseDeviation(n, x, xo, mean, epsilon);
            for (int i = 0; i < n; i += LANES) {
                FloatVector normalized =
                        FloatVector.fromArray(SPECIES, x, xo + i).sub(mean).mul(inverse);
                normalized
                        .fma(
                                FloatVector.fromArray(SPECIES, gain, gainOffset + i),
                                FloatVector.fromArray(SPECIES, bias, gainOffset + i))
                        .intoArray(y, yo + i);
            }
        }
    }

    static void layerNormBackward(
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
            float mean = mean(n, x, xo);
            float inverse = inverseDeviation(n, x, xo, mean, epsilon);
            FloatVector total = FloatVector.zero(SPECIES);
            FloatVector along = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                FloatVector d = FloatVector.fromArray(SPECIES, dy, yo + i);
                FloatVector normalized =
                        FloatVector.fromArray(SPECIES, x, xo + i).sub(mean).mul(inverse);
                FloatVector g = d.mul(FloatVector.fromArray(SPECIES, gain, gainOffset + i));
                d.fma(normalized, FloatVector.fromArray(SPECIES, dGain, dGainOffset + i))
                        .intoArray(dGain, dGainOffset + i);
                d.add(FloatVector.fromArray(SPECIES, dBias, dGainOffset + i)).intoArray(dBias, dGainOffset + i);
                total = total.add(g);
                along = g.fma(normalized, along);
            }
            float meanOfGradient = sum(total) / n;
            float projection = sum(along) / n;
            for (int i = 0; i < n; i += LANES) {
                FloatVector normalized =
                        FloatVector.fromArray(SPECIES, x, xo + i).sub(mean).mul(inverse);
                FloatVector g = FloatVector.fromArray(SPECIES, dy, yo + i)
                        .mul(FloatVector.fromArray(SPECIES, gain, gainOffset + i));
                FloatVector d =
                        g.sub(meanOfGradient).sub(normalized.mul(projection)).mul(inverse);
                FloatVector.fromArray(SPECIES, dx, go + i).add(d).intoArray(dx, go + i);
            }
        }
    }
}
