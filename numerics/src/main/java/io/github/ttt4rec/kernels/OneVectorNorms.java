package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.total;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The norms of {@link VectorNorm} for rows of exactly one vector, such as the heads of size 16 with 512 bits: a row stays in
 * registers from its load to its store, and sums stay in vectors.
 */
final class OneVectorNorms {
    private static final float SHARE = 1f / LANES;

    /** What {@link #normalizedRegressionBackward} needs to hand five numbers on in a row. */
    static final int FEWEST_LANES = 8;

    /** Where in a row of dTarget they stand meanwhile. */
    private static final int INVERSE = 0;

    private static final int MEAN = 1;
    private static final int PROJECTION_E = 2;
    private static final int PROJECTION_G = 3;
    private static final int LOSS_BY_DEVIATION = 4;

    private static final VectorShuffle<Float> HALF = partner(LANES / 2);
    private static final VectorShuffle<Float> QUARTER = partner(LANES / 4);
    private static final VectorShuffle<Float> EIGHTH = partner(LANES / 8);
    private static final VectorShuffle<Float> SIXTEENTH = partner(LANES / 16);
    private static final VectorMask<Float> UPPER_HALF =
            VectorMask.fromLong(SPECIES, ((1L << LANES) - 1) & -(1L << (LANES / 2)));

    private OneVectorNorms() {}

    /** Of each lane, the lane whose number differs in one bit. */
    private static VectorShuffle<Float> partner(int bit) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ bit);
    }

    private static FloatVector mean(FloatVector x) {
        return total(x).mul(SHARE);
    }

    /** 1/√(variance + epsilon) of a row whose mean is 0. */
    private static FloatVector inverseDeviation(FloatVector centred, float epsilon) {
        FloatVector variance = mean(centred.mul(centred));
        return FloatVector.broadcast(SPECIES, 1f).div(variance.add(epsilon).sqrt());
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
        FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset);
        FloatVector beta = FloatVector.fromArray(SPECIES, bias, gainOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector row = FloatVector.fromArray(SPECIES, x, xOffset + r * xRow);
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
        FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset);
        FloatVector gainGradient = FloatVector.fromArray(SPECIES, dGain, dGainOffset);
        FloatVector biasGradient = FloatVector.fromArray(SPECIES, dBias, dGainOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector row = FloatVector.fromArray(SPECIES, x, xOffset + r * xRow);
            FloatVector centred = row.sub(mean(row));
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, dyOffset + r * dyRow);
            gainGradient = d.fma(normalized, gainGradient);
            biasGradient = biasGradient.add(d);
            FloatVector g = d.mul(gamma);
            int to = dxOffset + r * dxRow;
            g.sub(mean(g))
                    .sub(normalized.mul(mean(g.mul(normalized))))
                    .fma(inverse, FloatVector.fromArray(SPECIES, dx, to))
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
        FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset);
        FloatVector beta = FloatVector.fromArray(SPECIES, bias, gainOffset);
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            FloatVector row = FloatVector.fromArray(SPECIES, z, zOffset + o);
            FloatVector centred = row.sub(mean(row));
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector residual =
                    normalized.fma(gamma, beta).sub(FloatVector.fromArray(SPECIES, target, targetOffset + o));
            FloatVector g = gamma.mul(residual);
            g.sub(mean(g))
                    .sub(normalized.mul(mean(g.mul(normalized))))
                    .mul(inverse)
                    .intoArray(y, yOffset + o);
        }
    }

    /**
     * In three steps, and two sums at a time in the halves of one vector, written out where they are needed: beyond
     * some number of vector operations C2 no longer inlines methods of ours, and allocates as objects the vectors that go
     * through them. With P, which takes from a vector its mean and its projection on x̂: y = P(g)/s, so that a row needs P(e), e =
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
        FloatVector gamma = FloatVector.fromArray(SPECIES, gain, gainOffset);
        FloatVector beta = FloatVector.fromArray(SPECIES, bias, gainOffset);
        projectLoss(rows, z, zOffset, target, targetOffset, gamma, beta, dz, dzOffset, dTarget, dTargetOffset);
        FloatVector gainGradient = FloatVector.fromArray(SPECIES, dGain, dGainOffset);
        FloatVector biasGradient = FloatVector.fromArray(SPECIES, dBias, dGainOffset);
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            int at = dTargetOffset + o;
            float inverse = dTarget[at + INVERSE];
            float projectionG = dTarget[at + PROJECTION_G];
            float projectionE = dTarget[at + PROJECTION_E];
            float lossByDeviation = dTarget[at + LOSS_BY_DEVIATION];
            FloatVector normalized = FloatVector.fromArray(SPECIES, z, zOffset + o)
                    .sub(dTarget[at + MEAN])
                    .mul(inverse);
            FloatVector e = FloatVector.fromArray(SPECIES, dy, dyOffset + o).mul(inverse);
            FloatVector dG = FloatVector.fromArray(SPECIES, dz, dzOffset + o);
            FloatVector residual =
                    normalized.fma(gamma, beta).sub(FloatVector.fromArray(SPECIES, target, targetOffset + o));
            FloatVector dResidual = dG.mul(gamma);
            gainGradient = dG.fma(residual, dResidual.fma(normalized, gainGradient));
            biasGradient = biasGradient.add(dResidual);
            dResidual.neg().intoArray(dTarget, at);
            FloatVector dNormalized = dResidual
                    .mul(gamma)
                    .sub(e.mul(projectionG))
                    .sub(gamma.mul(residual).mul(projectionE));
            FloatVector product = dNormalized.mul(normalized);
            FloatVector sums = dNormalized
                    .add(dNormalized.rearrange(HALF))
                    .blend(product.add(product.rearrange(HALF)), UPPER_HALF);
            sums = sums.add(sums.rearrange(QUARTER));
            sums = sums.add(sums.rearrange(EIGHTH));
            if (LANES >= 16) {
                sums = sums.add(sums.rearrange(SIXTEENTH));
            }
            dNormalized
                    .sub(sums.lane(0) * SHARE)
                    .sub(normalized.mul(sums.lane(LANES / 2) * SHARE + lossByDeviation))
                    .mul(inverse)
                    .intoArray(dz, dzOffset + o);
        }
        gainGradient.intoArray(dGain, dGainOffset);
        biasGradient.intoArray(dBias, dGainOffset);
    }

    /** For each row: dz = P(e), and in dTarget 1/s, the mean, and mean(e·x̂). */
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
            FloatVector row = FloatVector.fromArray(SPECIES, z, zOffset + o);
            FloatVector mean = mean(row);
            FloatVector centred = row.sub(mean);
            FloatVector inverse = inverseDeviation(centred, epsilon);
            FloatVector normalized = centred.mul(inverse);
            FloatVector e = FloatVector.fromArray(SPECIES, dy, dyOffset + o).mul(inverse);
            FloatVector product = e.mul(normalized);
            FloatVector sums = e.add(e.rearrange(HALF)).blend(product.add(product.rearrange(HALF)), UPPER_HALF);
            sums = sums.add(sums.rearrange(QUARTER));
            sums = sums.add(sums.rearrange(EIGHTH));
            if (LANES >= 16) {
                sums = sums.add(sums.rearrange(SIXTEENTH));
            }
            float projection = sums.lane(LANES / 2) * SHARE;
            e.sub(sums.lane(0) * SHARE).sub(normalized.mul(projection)).intoArray(dz, dzOffset + o);
            int at = dTargetOffset + o;
            dTarget[at + INVERSE] = inverse.lane(0);
            dTarget[at + MEAN] = mean.lane(0);
            dTarget[at + PROJECTION_E] = projection;
        }
    }

    /** For each row, in dTarget: mean(g·x̂), and mean(P(e)·g). */
    private static void projectLoss(
            int rows,
            float[] z,
            int zOffset,
            float[] target,
            int targetOffset,
            FloatVector gamma,
            FloatVector beta,
            float[] dz,
            int dzOffset,
            float[] dTarget,
            int dTargetOffset) {
        for (int r = 0, o = 0; r < rows; r++, o += LANES) {
            int at = dTargetOffset + o;
            FloatVector normalized = FloatVector.fromArray(SPECIES, z, zOffset + o)
                    .sub(dTarget[at + MEAN])
                    .mul(dTarget[at + INVERSE]);
            FloatVector residual =
                    normalized.fma(gamma, beta).sub(FloatVector.fromArray(SPECIES, target, targetOffset + o));
            FloatVector g = gamma.mul(residual);
            FloatVector first = g.mul(normalized);
            FloatVector second =
                    FloatVector.fromArray(SPECIES, dz, dzOffset + o).mul(g);
            FloatVector sums = first.add(first.rearrange(HALF)).blend(second.add(second.rearrange(HALF)), UPPER_HALF);
            sums = sums.add(sums.rearrange(QUARTER));
            sums = sums.add(sums.rearrange(EIGHTH));
            if (LANES >= 16) {
                sums = sums.add(sums.rearrange(SIXTEENTH));
            }
            dTarget[at + PROJECTION_G] = sums.lane(0) * SHARE;
            dTarget[at + LOSS_BY_DEVIATION] = sums.lane(LANES / 2) * SHARE;
        }
    }
}
