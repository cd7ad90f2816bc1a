package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.broadcast;
import static io.github.ttt4rec.kernels.Lanes.load;
import static io.github.ttt4rec.kernels.Lanes.total;

import jdk.incubator.vector.FloatVector;

/**
 * The norms of {@link VectorNorm} for rows of exactly one vector, such as the heads of size 16 with 512 bits: a row stays in
 * registers from its load to its store, and sums stay in vectors.
 */
final class OneVectorNorms {
    private static final float SHARE = 1f / LANES;

    /** What {@link #normalizedRegressionBackward} needs to hand three numbers on in a row. */
    static final int FEWEST_LANES = 4;

    private OneVectorNorms() {}

    private static FloatVector mean(FloatVector x) {
        return total(x).mul(SHARE);
    }

    /** 1/√(variance + epsilon) of a row whose mean is 0. */
    private static FloatVector inverseDeviation(FloatVector centred, float epsilon) {
        FloatVector variance = mean(centred.mul(centred));
        return broadcast(1f).div(variance.add(epsilon).sqrt());
    }

    static void layerNorm(
            int rows,
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
        FloatVector gamma = load(gain, gainOffset);
        FloatVector beta = load(bias, gainOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector row = load(x, xOffset + r * xRow);
            FloatVector centred = row.sub(mean(row));
            centred.mul(inverseDeviation(centred, epsilon)).fma(gamma, beta).intoArray(y, yOffset + r * yRow);
        }
    }

    static void layerNormBackward(
            int rows,
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
        FloatVector gamma = load(gain, gainOffset);
        FloatVector gainGradient = load(dGain, dGainOffset);
        FloatVector biasGradient = load(dBias, dGainOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector row = load(x, xOffset + r * xRow);
            FloatVector centred = row.sub(mean(row));
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector d = load(dy, dyOffset + r * dyRow);
            gainGradient = d.fma(normalized, gainGradient);
            biasGradient = biasGradient.add(d);
            FloatVector g = d.mul(gamma);
            int to = dxOffset + r * dxRow;
            g.sub(mean(g))
                    .sub(normalized.mul(mean(g.mul(normalized))))
                    .fma(inverse, load(dx, to))
                    .intoArray(dx, to);
        }
        gainGradient.intoArray(dGain, dGainOffset);
        biasGradient.intoArray(dBias, dGainOffset);
    }

    static void normalizedRegression(
            int rows,
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
        FloatVector gamma = load(gain, gainOffset);
        FloatVector beta = load(bias, gainOffset);
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            FloatVector row = load(z, zOffset + o);
            FloatVector centred = row.sub(mean(row));
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector residual = normalized.fma(gamma, beta).sub(load(target, targetOffset + o));
            FloatVector g = gamma.mul(residual);
            g.sub(mean(g))
                    .sub(normalized.mul(mean(g.mul(normalized))))
                    .mul(inverse)
                    .intoArray(y, yOffset + o);
        }
    }

    /**
     * In two steps, as C2 inlines only so many of a method's vector operations and would allocate the vectors of the others as
     * objects. With P, which takes from a vector its mean and its projection on x̂: y = P(g)/s, so that a row needs P(e), e =
     * dy/s, and the loss through the standard deviation, −mean(e·y) = −mean(P(e)·g)/s.
     */
    static void normalizedRegressionBackward(
            int rows,
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
        projectGradients(rows, z, zOffset, epsilon, dy, dyOffset, dz, dzOffset, dTarget, dTargetOffset);
        FloatVector gamma = load(gain, gainOffset);
        FloatVector beta = load(bias, gainOffset);
        FloatVector gainGradient = load(dGain, dGainOffset);
        FloatVector biasGradient = load(dBias, dGainOffset);
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            float inverse = dTarget[dTargetOffset + o];
            float projectionE = dTarget[dTargetOffset + o + 1];
            FloatVector normalized =
                    load(z, zOffset + o).sub(dTarget[dTargetOffset + o + 2]).mul(inverse);
            FloatVector e = load(dy, dyOffset + o).mul(inverse);
            FloatVector dG = load(dz, dzOffset + o);
            FloatVector residual = normalized.fma(gamma, beta).sub(load(target, targetOffset + o));
            FloatVector g = gamma.mul(residual);
            FloatVector dResidual = dG.mul(gamma);
            gainGradient = dG.fma(residual, dResidual.fma(normalized, gainGradient));
            biasGradient = biasGradient.add(dResidual);
            dResidual.neg().intoArray(dTarget, dTargetOffset + o);
            FloatVector dNormalized =
                    dResidual.mul(gamma).sub(e.mul(mean(g.mul(normalized)))).sub(g.mul(projectionE));
            dNormalized
                    .sub(mean(dNormalized))
                    .sub(normalized.mul(mean(dNormalized.mul(normalized)).add(mean(dG.mul(g)))))
                    .mul(inverse)
                    .intoArray(dz, dzOffset + o);
        }
        gainGradient.intoArray(dGain, dGainOffset);
        biasGradient.intoArray(dBias, dGainOffset);
    }

    /** For each row: dz = P(e), and in dTarget 1/s, mean(e·x̂) and the mean. */
    private static void projectGradients(
            int rows,
            float[] z,
            int zOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            float[] dz,
            int dzOffset,
            float[] dTarget,
            int dTargetOffset) {
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            FloatVector row = load(z, zOffset + o);
            FloatVector mean = mean(row);
            FloatVector centred = row.sub(mean);
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector e = load(dy, dyOffset + o).mul(inverse);
            FloatVector projection = mean(e.mul(normalized));
            e.sub(mean(e)).sub(normalized.mul(projection)).intoArray(dz, dzOffset + o);
            dTarget[dTargetOffset + o] = inverse.lane(0);
            dTarget[dTargetOffset + o + 1] = projection.lane(0);
            dTarget[dTargetOffset + o + 2] = mean.lane(0);
        }
    }
}
