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

    /** The candidates' logits, given the weight of each feature, without the logarithms of what they represent. */
    double[] logits(float[] weights) {
        double[] logits = new double[candidates()];
        for (int c = 0; c < logits.length; c++) {
            for (int i = offsets[c]; i < offsets[c + 1]; i++) {
                logits[c] += weights[features[i]] * values[i];
            }
        }
        return logits;
    }
}
