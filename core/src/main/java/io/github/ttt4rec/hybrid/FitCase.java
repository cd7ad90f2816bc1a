package io.github.ttt4rec.hybrid;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

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

    /** The candidates' logits, given the weights. */
    double[] logits(OutputWeights weights) {
        float[] current = new float[OutputWeights.FEATURES];
        weights.at(gates, current);
        return logits(current);
    }

    /** Returns whether a candidate is in the history. */
    boolean isSeen(int candidate) {
        int last = offsets[candidate + 1] - 1;
        // Features are in ascending order, and the last ones are those of items in the history.
        return last >= offsets[candidate] && features[last] >= ItemFeature.SEEN_NETWORK.column();
    }

    /**
     * This case in protocol unseen, with only the candidates that are new to the user; empty if the target is not.
     */
    Optional<FitCase> unseen() {
        return isSeen(0)
                ? Optional.empty()
                : Optional.of(only(
                        IntStream.range(0, candidates()).filter(c -> !isSeen(c)).toArray()));
    }

    /**
     * This case with only the candidates that have the highest logits by some weights; empty if the target is not among
     * them.
     *
     * @param most the largest number of candidates
     */
    Optional<FitCase> best(OutputWeights weights, int most) {
        double[] logits = logits(weights);
        int[] best = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -logits[c]))
                .limit(most)
                .mapToInt(c -> c)
                .sorted()
                .toArray();
        // The target stays the first candidate.
        return best[0] == 0 ? Optional.of(only(best)) : Optional.empty();
    }

    private FitCase only(int[] kept) {
        int[] starts = new int[kept.length + 1];
        for (int i = 0; i < kept.length; i++) {
            starts[i + 1] = starts[i] + offsets[kept[i] + 1] - offsets[kept[i]];
        }
        float[] represented = new float[kept.length];
        byte[] kinds = new byte[starts[kept.length]];
        float[] some = new float[kinds.length];
        for (int i = 0; i < kept.length; i++) {
            int from = offsets[kept[i]];
            represented[i] = logWeights[kept[i]];
            System.arraycopy(features, from, kinds, starts[i], starts[i + 1] - starts[i]);
            System.arraycopy(values, from, some, starts[i], starts[i + 1] - starts[i]);
        }
        return new FitCase(gates, represented, starts, kinds, some);
    }
}
