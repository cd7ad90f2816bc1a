package io.github.ttt4rec.hybrid;

/**
 * One case of the fit: the non-zero features of its candidates in compressed rows. Candidate 0 is the target.
 *
 * @param gates the request's gates
 * @param logWeights the logarithm of the number of items that each candidate represents
 * @param offsets candidate c's features are at {@code offsets[c] .. offsets[c + 1] - 1}
 * @param features the feature of each value
 * @param values the values of the features
 */
record FitCase(float[] gates, float[] logWeights, int[] offsets, byte[] features, float[] values) {
    int candidates() {
        return logWeights.length;
    }
}
