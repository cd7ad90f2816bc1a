package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Selective state spaces. */
interface VectorStateSpace extends StateSpaceKernels {
    @Override
    default void selectiveStep(
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
            FloatVector step = FloatVector.fromArray(SPECIES, dt, dtOffset + c, rest);
            FloatVector input = step.mul(FloatVector.fromArray(SPECIES, u, uOffset + c, rest));
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0, at = c; i < states; i++, at += channels) {
                FloatVector decay = Lanes.exp(step.mul(FloatVector.fromArray(SPECIES, a, at, rest)));
                FloatVector state = decay.fma(
                        FloatVector.fromArray(SPECIES, before, beforeOffset + at, rest), input.mul(b[bOffset + i]));
                state.intoArray(after, afterOffset + at, rest);
                sum = state.fma(FloatVector.broadcast(SPECIES, cs[csOffset + i]), sum);
            }
            sum.intoArray(y, yOffset + c, rest);
        }
    }

    @Override
    default void selectiveStepBackward(
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
            FloatVector inputGate = FloatVector.broadcast(SPECIES, b[stateOffset + i]);
            FloatVector outputGate = FloatVector.broadcast(SPECIES, cs[stateOffset + i]);
            FloatVector sumB = FloatVector.zero(SPECIES);
            FloatVector sumC = FloatVector.zero(SPECIES);
            for (int c = 0; c < channels; c += LANES) {
                VectorMask<Float> rest = mask(c, channels);
                int at = i * channels + c;
                int column = offset + c;
                FloatVector step = FloatVector.fromArray(SPECIES, dt, column, rest);
                FloatVector input = FloatVector.fromArray(SPECIES, u, column, rest);
                FloatVector dOutput = FloatVector.fromArray(SPECIES, dy, column, rest);
                FloatVector rate = FloatVector.fromArray(SPECIES, a, at, rest);
                FloatVector g = outputGate.fma(dOutput, FloatVector.fromArray(SPECIES, dState, at, rest));
                sumC = FloatVector.fromArray(SPECIES, after, afterOffset + at, rest)
                        .fma(dOutput, sumC);
                sumB = g.fma(step.mul(input), sumB);
                FloatVector throughInput = g.mul(inputGate);
                FloatVector kept = g.mul(Lanes.exp(step.mul(rate)));
                FloatVector throughDecay = kept.mul(FloatVector.fromArray(SPECIES, before, beforeOffset + at, rest));
                throughInput
                        .fma(step, FloatVector.fromArray(SPECIES, dU, column, rest))
                        .intoArray(dU, column, rest);
                FloatVector through = throughInput.fma(input, FloatVector.fromArray(SPECIES, dDt, column, rest));
                throughDecay.fma(rate, through).intoArray(dDt, column, rest);
                throughDecay
                        .fma(step, FloatVector.fromArray(SPECIES, dA, at, rest))
                        .intoArray(dA, at, rest);
                kept.intoArray(dState, at, rest);
            }
            dB[stateOffset + i] += Lanes.sum(sumB);
            dCs[stateOffset + i] += Lanes.sum(sumC);
        }
    }
}
