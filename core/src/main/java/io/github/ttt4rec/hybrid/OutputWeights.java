package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The output layer's weights. The weight of a feature for a request is the sum of its entries, each multiplied by the
 * request's gate.
 *
 * @param values row-major {@code (features, gates)}
 * @param range the range of each gate
 */
record OutputWeights(float[] values, GateRange range) {
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
        return new OutputWeights(values, GateRange.UNLIMITED);
    }

    /**
     * Reads saved weights. A file of a version without {@link ItemFeature#OWN_SUCCESSION} and {@link
     * ItemFeature#OWN_NEXT}, or without the features from {@link ItemFeature#FOLLOWS} on, has no rows for them, and they
     * get the weight 0.
     *
     * @param name the name of the tensor
     * @throws UserFacingException if the tensor is missing, of another type or of another shape
     */
    static OutputWeights load(TensorFile file, String name) {
        GateRange range = GateRange.load(file, name);
        int inserted = ItemFeature.OWN_NEXT.column() + 1 - ItemFeature.OWN_SUCCESSION.column();
        int before = ItemFeature.FOLLOWS.column();
        int rows = file.shape(name)[0];
        if (rows == before) {
            return new OutputWeights(Arrays.copyOf(file.floats(name, rows, GATES), FEATURES * GATES), range);
        }
        if (rows != before - inserted) {
            return new OutputWeights(file.floats(name, FEATURES, GATES), range);
        }
        float[] saved = file.floats(name, rows, GATES);
        float[] values = new float[FEATURES * GATES];
        int kept = ItemFeature.OWN_SUCCESSION.column() * GATES;
        System.arraycopy(saved, 0, values, 0, kept);
        System.arraycopy(saved, kept, values, kept + inserted * GATES, saved.length - kept);
        return new OutputWeights(values, range);
    }

    /** These weights with another range of the gates. */
    OutputWeights within(GateRange other) {
        return new OutputWeights(values, other);
    }

    /** Computes the weight of each feature for a request. */
    void at(float[] gates, float[] weights) {
        Arrays.fill(weights, 0);
        for (int g = 0; g < GATES; g++) {
            float gate = range.clamp(g, gates[g]);
            for (int f = 0; f < FEATURES; f++) {
                weights[f] += values[f * GATES + g] * gate;
            }
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
                            NEXT_VISIT,
                            SEEN_FRESH_POPULARITY,
                            SEEN_COOCCURRENCE_VISIT,
                            SEEN_TRANSITION_VISIT,
                            SEEN_NEXT_VISIT -> true;
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
                            SUCCESSION,
                            FOLLOWS,
                            FOLLOWS_POPULARITY,
                            SEEN_NETWORK,
                            SEEN_POPULARITY,
                            SEEN_COOCCURRENCE,
                            SEEN_COOCCURRENCE_LONG,
                            SEEN_TRANSITION,
                            SEEN_SUCCESSION -> false;
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
            case FOLLOWS, FOLLOWS_POPULARITY -> config.useMemory() && gate == Gate.ONE;
            case SEEN_NETWORK -> config.useRepeats() && gate == Gate.ONE;
            case SEEN_POPULARITY, SEEN_FRESH_POPULARITY ->
                config.useRepeats() && config.usePopularity() && gate == Gate.ONE;
            case SEEN_COOCCURRENCE,
                    SEEN_COOCCURRENCE_LONG,
                    SEEN_COOCCURRENCE_VISIT,
                    SEEN_TRANSITION,
                    SEEN_TRANSITION_VISIT,
                    SEEN_SUCCESSION,
                    SEEN_NEXT_VISIT -> config.useRepeats() && config.useMemory() && gate == Gate.ONE;
        };
    }
}
