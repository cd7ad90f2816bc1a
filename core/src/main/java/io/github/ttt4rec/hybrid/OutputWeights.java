package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The output layer's weights. The weight of a feature for a request is the sum of its entries, each multiplied by the
 * request's gate.
 *
 * @param values row-major {@code (features, gates)}
 */
record OutputWeights(float[] values) {
    static final int FEATURES = ItemFeature.values().length;
    static final int GATES = Gate.values().length;

    /** A fitted entry. */
    record Term(ItemFeature feature, Gate gate) {
        int index() {
            return feature.column() * GATES + gate.column();
        }
    }

    /** The weights that use only the network. */
    static OutputWeights network() {
        float[] values = new float[FEATURES * GATES];
        values[new Term(ItemFeature.NETWORK, Gate.ONE).index()] = 1;
        return new OutputWeights(values);
    }

    /**
     * Reads saved weights. A file of a version without {@link ItemFeature#OWN_SUCCESSION} and {@link
     * ItemFeature#OWN_NEXT} has no rows for them, and they get the weight 0.
     *
     * @param name the name of the tensor
     * @throws UserFacingException if the tensor is missing, of another type or of another shape
     */
    static OutputWeights load(TensorFile file, String name) {
        int inserted = ItemFeature.OWN_NEXT.column() + 1 - ItemFeature.OWN_SUCCESSION.column();
        if (file.shape(name)[0] != FEATURES - inserted) {
            return new OutputWeights(file.floats(name, FEATURES, GATES));
        }
        float[] saved = file.floats(name, FEATURES - inserted, GATES);
        float[] values = new float[FEATURES * GATES];
        int before = ItemFeature.OWN_SUCCESSION.column() * GATES;
        System.arraycopy(saved, 0, values, 0, before);
        System.arraycopy(saved, before, values, before + inserted * GATES, saved.length - before);
        return new OutputWeights(values);
    }

    /** Computes the weight of each feature for a request. */
    void at(float[] gates, float[] weights) {
        for (int f = 0; f < FEATURES; f++) {
            float sum = 0;
            for (int g = 0; g < GATES; g++) {
                sum += values[f * GATES + g] * gates[g];
            }
            weights[f] = sum;
        }
    }

    /** The fitted entries; all others are 0. */
    static List<Term> terms(HybridConfig config, boolean times) {
        List<Term> terms = new ArrayList<>();
        for (ItemFeature feature : ItemFeature.values()) {
            for (Gate gate : Gate.values()) {
                if (isFitted(feature, gate, config) && (times || !needsTimes(feature, gate))) {
                    terms.add(new Term(feature, gate));
                }
            }
        }
        return terms;
    }

    private static boolean needsTimes(ItemFeature feature, Gate gate) {
        boolean byGate = switch (gate) {
            case VISIT_SIZE, NEW_VISIT, GAP -> true;
            case ONE, LENGTH, REPEAT_SHARE, SUPPORT -> false;
        };
        return byGate
                || switch (feature) {
                    case FRESH_POPULARITY,
                            THIS_VISIT,
                            UP_TO_A_DAY,
                            UP_TO_A_WEEK,
                            UP_TO_A_MONTH,
                            UP_TO_A_QUARTER,
                            LOG_VISITS,
                            VISIT_RECENCY,
                            COOCCURRENCE_VISIT,
                            TRANSITION_VISIT,
                            NEXT_VISIT -> true;
                    case NETWORK,
                            POPULARITY,
                            SEEN,
                            LAST,
                            UP_TO_3_BACK,
                            UP_TO_10_BACK,
                            UP_TO_50_BACK,
                            LOG_BACK,
                            LOG_TIMES,
                            ITEM_REPEATS,
                            USER_REPEATS,
                            OWN_SUCCESSION,
                            OWN_NEXT,
                            COOCCURRENCE,
                            COOCCURRENCE_LONG,
                            TRANSITION,
                            SUCCESSION -> false;
                };
    }

    private static boolean isFitted(ItemFeature feature, Gate gate, HybridConfig config) {
        return switch (feature) {
            case NETWORK -> gate != Gate.REPEAT_SHARE && gate != Gate.GAP;
            case POPULARITY, FRESH_POPULARITY ->
                config.usePopularity() && (gate == Gate.ONE || gate == Gate.LENGTH || gate == Gate.NEW_VISIT);
            case SEEN -> config.useRepeats() && gate != Gate.SUPPORT;
            case LAST, UP_TO_3_BACK, UP_TO_10_BACK, UP_TO_50_BACK, LOG_BACK, LOG_TIMES, ITEM_REPEATS, USER_REPEATS ->
                config.useRepeats() && gate == Gate.ONE;
            case THIS_VISIT,
                    UP_TO_A_DAY,
                    UP_TO_A_WEEK,
                    UP_TO_A_MONTH,
                    UP_TO_A_QUARTER,
                    LOG_VISITS,
                    VISIT_RECENCY,
                    OWN_NEXT ->
                config.useRepeats() && (gate == Gate.ONE || gate == Gate.NEW_VISIT || gate == Gate.VISIT_SIZE);
            case OWN_SUCCESSION -> config.useRepeats() && (gate == Gate.ONE || gate == Gate.VISIT_SIZE);
            case COOCCURRENCE,
                    COOCCURRENCE_LONG,
                    COOCCURRENCE_VISIT,
                    TRANSITION,
                    TRANSITION_VISIT,
                    SUCCESSION,
                    NEXT_VISIT -> config.useMemory() && gate != Gate.REPEAT_SHARE && gate != Gate.GAP;
        };
    }
}
