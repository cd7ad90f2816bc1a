package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Gated recurrent units and additive attention. */
interface VectorRecurrent extends RecurrentKernels {
    @Override
    default void gru(
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
                FloatVector r = Lanes.sigmoid(FloatVector.fromArray(SPECIES, gates, reset + i, rest)
                        .add(FloatVector.fromArray(SPECIES, recurrent, b + i, rest)));
                FloatVector z = Lanes.sigmoid(FloatVector.fromArray(SPECIES, gates, update + i, rest)
                        .add(FloatVector.fromArray(SPECIES, recurrent, b + n + i, rest)));
                FloatVector c = Lanes.tanh(r.fma(
                        FloatVector.fromArray(SPECIES, recurrent, b + 2 * n + i, rest),
                        FloatVector.fromArray(SPECIES, gates, candidate + i, rest)));
                r.intoArray(gates, reset + i, rest);
                z.intoArray(gates, update + i, rest);
                c.intoArray(gates, candidate + i, rest);
                FloatVector before = FloatVector.fromArray(SPECIES, previous, previousOffset + h + i, rest);
                z.fma(before.sub(c), c).intoArray(next, nextOffset + h + i, rest);
            }
        }
    }

    @Override
    default void gruBackward(
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
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int row = 0; row < rows; row++) {
            int reset = gatesOffset + row * 3 * n;
            int update = reset + n;
            int candidate = update + n;
            int b = recurrentOffset + row * 3 * n;
            int h = row * n;
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector r = FloatVector.fromArray(SPECIES, gates, reset + i, rest);
                FloatVector z = FloatVector.fromArray(SPECIES, gates, update + i, rest);
                FloatVector c = FloatVector.fromArray(SPECIES, gates, candidate + i, rest);
                FloatVector d = FloatVector.fromArray(SPECIES, dNext, dNextOffset + h + i, rest);
                FloatVector before = FloatVector.fromArray(SPECIES, previous, previousOffset + h + i, rest);
                FloatVector dUpdate = d.mul(before.sub(c)).mul(z).mul(one.sub(z));
                FloatVector dCandidate = d.mul(one.sub(z)).mul(one.sub(c.mul(c)));
                FloatVector dReset = dCandidate
                        .mul(FloatVector.fromArray(SPECIES, recurrent, b + 2 * n + i, rest))
                        .mul(r)
                        .mul(one.sub(r));
                dReset.intoArray(gates, reset + i, rest);
                dUpdate.intoArray(gates, update + i, rest);
                dCandidate.intoArray(gates, candidate + i, rest);
                dReset.intoArray(recurrent, b + i, rest);
                dUpdate.intoArray(recurrent, b + n + i, rest);
                dCandidate.mul(r).intoArray(recurrent, b + 2 * n + i, rest);
                int to = dPreviousOffset + h + i;
                d.fma(z, FloatVector.fromArray(SPECIES, dPrevious, to, rest)).intoArray(dPrevious, to, rest);
            }
        }
    }

    @Override
    default void sigmoidScores(
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
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += LANES) {
                VectorMask<Float> rest = mask(i, n);
                FloatVector key = FloatVector.fromArray(SPECIES, keys, keysOffset + row * n + i, rest);
                // Beyond the end the weight is 0, so σ(0) there adds nothing.
                sum = Lanes.sigmoid(FloatVector.fromArray(SPECIES, query, queryOffset + i, rest)
                                .add(key))
                        .fma(FloatVector.fromArray(SPECIES, weight, i, rest), sum);
            }
            y[yOffset + row] = Lanes.sum(sum);
        }
    }

    @Override
    default void sigmoidScoresBackward(
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
            FloatVector q = FloatVector.fromArray(SPECIES, query, queryOffset + i, rest);
            FloatVector w = FloatVector.fromArray(SPECIES, weight, i, rest);
            FloatVector queryGradient = FloatVector.fromArray(SPECIES, dQuery, dQueryOffset + i, rest);
            FloatVector weightGradient = FloatVector.fromArray(SPECIES, dWeight, i, rest);
            for (int row = 0; row < rows; row++) {
                FloatVector d = FloatVector.broadcast(SPECIES, dy[dyOffset + row]);
                FloatVector s =
                        Lanes.sigmoid(q.add(FloatVector.fromArray(SPECIES, keys, keysOffset + row * n + i, rest)));
                weightGradient = s.fma(d, weightGradient);
                FloatVector slope = d.mul(w).mul(s.sub(s.mul(s)));
                queryGradient = queryGradient.add(slope);
                int to = dKeysOffset + row * n + i;
                FloatVector.fromArray(SPECIES, dKeys, to, rest).add(slope).intoArray(dKeys, to, rest);
            }
            queryGradient.intoArray(dQuery, dQueryOffset + i, rest);
            weightGradient.intoArray(dWeight, i, rest);
        }
    }
}
