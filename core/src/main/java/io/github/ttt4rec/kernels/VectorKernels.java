package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.broadcast;
import static io.github.ttt4rec.kernels.Lanes.load;
import static io.github.ttt4rec.kernels.Lanes.mask;
import static io.github.ttt4rec.kernels.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels in the Vector API. Each element-wise kernel is a loop over whole vectors and one masked step for the rest;
 * the row kernels (norms) are in {@link VectorNorms}, the matrix products in {@link VectorGemm}.
 */
final class VectorKernels implements Kernels {

    @Override
    public String name() {
        return "vector " + SPECIES.vectorBitSize() + " bit";
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
        VectorGemm.gemm(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow, accumulate);
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
        FloatVector factor = broadcast(alpha);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(x, xOffset + i).fma(factor, load(y, yOffset + i)).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            load(x, xOffset + i, rest).fma(factor, load(y, yOffset + i, rest)).intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    public void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(x, xOffset + i).mul(alpha).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            load(x, xOffset + i, rest).mul(alpha).intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    public void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(x, xOffset + i).mul(load(y, yOffset + i)).intoArray(z, zOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            load(x, xOffset + i, rest).mul(load(y, yOffset + i, rest)).intoArray(z, zOffset + i, rest);
        }
    }

    @Override
    public void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(x, xOffset + i).fma(load(y, yOffset + i), load(z, zOffset + i)).intoArray(z, zOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            load(x, xOffset + i, rest)
                    .fma(load(y, yOffset + i, rest), load(z, zOffset + i, rest))
                    .intoArray(z, zOffset + i, rest);
        }
    }

    @Override
    public float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector s0 = zero();
        FloatVector s1 = zero();
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            s0 = load(x, xOffset + i).fma(load(y, yOffset + i), s0);
            s1 = load(x, xOffset + i + LANES).fma(load(y, yOffset + i + LANES), s1);
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            s0 = load(x, xOffset + i, rest).fma(load(y, yOffset + i, rest), s0);
        }
        return Lanes.sum(s0.add(s1));
    }

    @Override
    public void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector sum = load(y, yOffset + i, rest);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(load(x, xOffset + r * xRow + i, rest));
            }
            sum.intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    public float max(int n, float[] x, int xOffset) {
        FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            max = max.max(load(x, xOffset + i));
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            max = max.lanewise(VectorOperators.MAX, load(x, xOffset + i, rest), rest);
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public float expAndSum(int n, float[] x, int xOffset, float shift) {
        FloatVector sum = zero();
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = Lanes.exp(load(x, xOffset + i).sub(shift));
            e.intoArray(x, xOffset + i);
            sum = sum.add(e);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector e = Lanes.exp(load(x, xOffset + i, rest).sub(shift));
            e.intoArray(x, xOffset + i, rest);
            sum = sum.add(e, rest);
        }
        return Lanes.sum(sum);
    }

    @Override
    public int countNotLess(int n, float[] x, int xOffset, float threshold) {
        int less = 0;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            less += load(x, xOffset + i).lt(threshold).trueCount();
        }
        for (; i < n; i++) {
            less += x[xOffset + i] < threshold ? 1 : 0;
        }
        return n - less;
    }

    @Override
    public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, xOffset + i, rest);
            FloatVector gate = Lanes.geluGate(value);
            value.mul(gate).intoArray(y, yOffset + i, rest);
            Lanes.geluDerivative(value, gate).intoArray(derivative, derivativeOffset + i, rest);
        }
    }

    @Override
    public void geluSecondDerivative(int n, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, xOffset + i, rest);
            FloatVector gate = Lanes.geluGate(value);
            FloatVector bell = gate.sub(gate.mul(gate));
            FloatVector slope = Lanes.geluSlope(value);
            FloatVector d = bell.mul(slope);
            FloatVector dd = d.mul(slope)
                    .mul(gate.mul(-2f).add(1f))
                    .add(bell.mul(value).mul(6 * Lanes.GELU_CUBIC * Lanes.GELU_SLOPE));
            d.mul(2f).add(value.mul(dd)).intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    public void siluMultiply(int n, float[] gate, float[] up, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = load(gate, i, rest);
            g.mul(Lanes.sigmoid(g)).mul(load(up, i, rest)).intoArray(y, i, rest);
        }
    }

    @Override
    public void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = load(gate, i, rest);
            FloatVector d = load(dy, i, rest);
            FloatVector s = Lanes.sigmoid(g);
            FloatVector silu = g.mul(s);
            FloatVector slope = s.add(silu.mul(broadcast(1f).sub(s)));
            load(dGate, i, rest).add(d.mul(load(up, i, rest)).mul(slope)).intoArray(dGate, i, rest);
            load(dUp, i, rest).add(d.mul(silu)).intoArray(dUp, i, rest);
        }
    }

    @Override
    public void geluMultiply(int n, float[] gate, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = load(gate, i, rest);
            g.mul(Lanes.geluGate(g)).mul(load(x, i, rest)).intoArray(y, i, rest);
        }
    }

    @Override
    public void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = load(gate, i, rest);
            FloatVector d = load(dy, i, rest);
            FloatVector s = Lanes.geluGate(g);
            load(dGate, i, rest)
                    .add(d.mul(load(x, i, rest)).mul(Lanes.geluDerivative(g, s)))
                    .intoArray(dGate, i, rest);
            load(dx, i, rest).add(d.mul(g.mul(s))).intoArray(dx, i, rest);
        }
    }

    @Override
    public void normalGelu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, i, rest);
            value.mul(Lanes.normalDistribution(value, Lanes.normalBell(value))).intoArray(y, i, rest);
        }
    }

    @Override
    public void normalGeluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, i, rest);
            FloatVector bell = Lanes.normalBell(value);
            FloatVector slope = value.mul(Lanes.NORMAL_DENSITY_AT_0).fma(bell, Lanes.normalDistribution(value, bell));
            load(dy, i, rest).fma(slope, load(dx, i, rest)).intoArray(dx, i, rest);
        }
    }

    @Override
    public void silu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, i, rest);
            value.mul(Lanes.sigmoid(value)).intoArray(y, i, rest);
        }
    }

    @Override
    public void siluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, i, rest);
            FloatVector s = Lanes.sigmoid(value);
            FloatVector slope = value.mul(s).fma(broadcast(1f).sub(s), s);
            load(dy, i, rest).fma(slope, load(dx, i, rest)).intoArray(dx, i, rest);
        }
    }

    @Override
    public void softplus(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = load(x, i, rest);
            FloatVector small = Lanes.log1pOfFraction(Lanes.exp(value.abs().neg()));
            value.max(0f).add(small).intoArray(y, i, rest);
        }
    }

    @Override
    public void softplusBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector slope = Lanes.sigmoid(load(x, i, rest));
            load(dy, i, rest).fma(slope, load(dx, i, rest)).intoArray(dx, i, rest);
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
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> rest = mask(c, channels);
            FloatVector step = load(dt, dtOffset + c, rest);
            FloatVector input = step.mul(load(u, uOffset + c, rest));
            FloatVector sum = zero();
            for (int i = 0, at = c; i < states; i++, at += channels) {
                FloatVector decay = Lanes.exp(step.mul(load(a, at, rest)));
                FloatVector state = decay.fma(load(before, beforeOffset + at, rest), input.mul(b[bOffset + i]));
                state.intoArray(after, afterOffset + at, rest);
                sum = state.fma(broadcast(cs[csOffset + i]), sum);
            }
            sum.intoArray(y, yOffset + c, rest);
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
        // States outside, channels inside: the two sums over channels end in one horizontal sum per state.
        for (int i = 0; i < states; i++) {
            FloatVector inputGate = broadcast(b[stateOffset + i]);
            FloatVector outputGate = broadcast(cs[stateOffset + i]);
            FloatVector sumB = zero();
            FloatVector sumC = zero();
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> rest = mask(c, channels);
                int at = i * channels + c;
                int column = offset + c;
                FloatVector step = load(dt, column, rest);
                FloatVector input = load(u, column, rest);
                FloatVector dOutput = load(dy, column, rest);
                FloatVector rate = load(a, at, rest);
                FloatVector g = outputGate.fma(dOutput, load(dState, at, rest));
                sumC = load(after, afterOffset + at, rest).fma(dOutput, sumC);
                sumB = g.fma(step.mul(input), sumB);
                FloatVector throughInput = g.mul(inputGate);
                FloatVector kept = g.mul(Lanes.exp(step.mul(rate)));
                FloatVector throughDecay = kept.mul(load(before, beforeOffset + at, rest));
                throughInput.fma(step, load(dU, column, rest)).intoArray(dU, column, rest);
                FloatVector through = throughInput.fma(input, load(dDt, column, rest));
                throughDecay.fma(rate, through).intoArray(dDt, column, rest);
                throughDecay.fma(step, load(dA, at, rest)).intoArray(dA, at, rest);
                kept.intoArray(dState, at, rest);
            }
            dB[stateOffset + i] += Lanes.sum(sumB);
            dCs[stateOffset + i] += Lanes.sum(sumC);
        }
    }

    @Override
    public void sigmoid(int n, float factor, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            Lanes.sigmoid(load(x, i, rest)).mul(factor).intoArray(y, i, rest);
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
            int reset = gatesOffset + row * 3 * n;
            int update = reset + n;
            int candidate = update + n;
            int b = recurrentOffset + row * 3 * n;
            int h = row * n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector r = Lanes.sigmoid(load(gates, reset + i, rest).add(load(recurrent, b + i, rest)));
                FloatVector z = Lanes.sigmoid(load(gates, update + i, rest).add(load(recurrent, b + n + i, rest)));
                FloatVector c =
                        Lanes.tanh(r.fma(load(recurrent, b + 2 * n + i, rest), load(gates, candidate + i, rest)));
                r.intoArray(gates, reset + i, rest);
                z.intoArray(gates, update + i, rest);
                c.intoArray(gates, candidate + i, rest);
                FloatVector before = load(previous, previousOffset + h + i, rest);
                z.fma(before.sub(c), c).intoArray(next, nextOffset + h + i, rest);
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
        FloatVector one = broadcast(1f);
        for (int row = 0; row < rows; row++) {
            int reset = gatesOffset + row * 3 * n;
            int update = reset + n;
            int candidate = update + n;
            int b = recurrentOffset + row * 3 * n;
            int h = row * n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector r = load(gates, reset + i, rest);
                FloatVector z = load(gates, update + i, rest);
                FloatVector c = load(gates, candidate + i, rest);
                FloatVector d = load(dNext, dNextOffset + h + i, rest);
                FloatVector before = load(previous, previousOffset + h + i, rest);
                FloatVector dUpdate = d.mul(before.sub(c)).mul(z).mul(one.sub(z));
                FloatVector dCandidate = d.mul(one.sub(z)).mul(one.sub(c.mul(c)));
                FloatVector dReset = dCandidate
                        .mul(load(recurrent, b + 2 * n + i, rest))
                        .mul(r)
                        .mul(one.sub(r));
                dReset.intoArray(gates, reset + i, rest);
                dUpdate.intoArray(gates, update + i, rest);
                dCandidate.intoArray(gates, candidate + i, rest);
                dReset.intoArray(recurrent, b + i, rest);
                dUpdate.intoArray(recurrent, b + n + i, rest);
                dCandidate.mul(r).intoArray(recurrent, b + 2 * n + i, rest);
                int to = dPreviousOffset + h + i;
                d.fma(z, load(dPrevious, to, rest)).intoArray(dPrevious, to, rest);
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
            FloatVector sum = zero();
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector key = load(keys, keysOffset + row * n + i, rest);
                // Beyond the end the weight is 0, so σ(0) there adds nothing.
                sum = Lanes.sigmoid(load(query, queryOffset + i, rest).add(key)).fma(load(weight, i, rest), sum);
            }
            y[yOffset + row] = Lanes.sum(sum);
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
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector q = load(query, queryOffset + i, rest);
            FloatVector w = load(weight, i, rest);
            FloatVector queryGradient = load(dQuery, dQueryOffset + i, rest);
            FloatVector weightGradient = load(dWeight, i, rest);
            for (int row = 0; row < rows; row++) {
                FloatVector d = broadcast(dy[dyOffset + row]);
                FloatVector s = Lanes.sigmoid(q.add(load(keys, keysOffset + row * n + i, rest)));
                weightGradient = s.fma(d, weightGradient);
                FloatVector slope = d.mul(w).mul(s.sub(s.mul(s)));
                queryGradient = queryGradient.add(slope);
                int to = dKeysOffset + row * n + i;
                load(dKeys, to, rest).add(slope).intoArray(dKeys, to, rest);
            }
            queryGradient.intoArray(dQuery, dQueryOffset + i, rest);
            weightGradient.intoArray(dWeight, i, rest);
        }
    }

    @Override
    public void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y) {
        VectorNorms.rmsNorm(rows, n, x, gain, epsilon, y);
    }

    @Override
    public void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain) {
        VectorNorms.rmsNormBackward(rows, n, x, gain, epsilon, dy, dx, dGain);
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
        VectorNorms.layerNorm(rows, n, x, xOffset, xRow, gain, bias, gainOffset, epsilon, y, yOffset, yRow);
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
        VectorNorms.layerNormBackward(
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
        VectorNorms.normalizedRegression(
                rows, n, z, zOffset, target, targetOffset, gain, bias, gainOffset, epsilon, y, yOffset);
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
        VectorNorms.normalizedRegressionBackward(
                rows,
                n,
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
        for (int i = from; i < to; i += LANES) {
            VectorMask<Float> rest = mask(i, to);
            FloatVector gradient = load(g, i, rest);
            FloatVector first = load(m, i, rest).mul(beta1).add(gradient.mul(1 - beta1));
            FloatVector second =
                    load(v, i, rest).mul(beta2).add(gradient.mul(gradient).mul(1 - beta2));
            first.intoArray(m, i, rest);
            second.intoArray(v, i, rest);
            FloatVector denominator = second.mul(vCorrection).sqrt().add(epsilon);
            load(w, i, rest).sub(first.mul(stepSize).div(denominator)).intoArray(w, i, rest);
        }
    }
}
