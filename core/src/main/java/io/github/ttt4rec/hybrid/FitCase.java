package io.github.ttt4rec.hybrid;

/**
 * One case of the fit: the features of its candidates that are not 0, in compressed rows. Candidate 0 is the target.
 *
 * @param gates the request's gates
 * @param logWeights the logarithm of the number of items that each candidate stands for
 * @param offsets candidate c's features stand at {@code offsets[c] .. offsets[c + 1] - 1}
 * @param features the feature of each value
 * @param values the values
 */
record FitCase(float[] gates, float[] logWeights, int[] offsets, byte[] features, float[] values) {
    int candidates() {
        return logWeights.length;
    }
}
