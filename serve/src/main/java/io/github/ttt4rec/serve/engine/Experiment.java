package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.random.SplitMix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of models on live users. A hash of the user's id and the experiment's name assigns each user to an arm,
 * which is therefore the same after a restart and on every server, and independent of other experiments.
 *
 * @param name its name
 * @param arms at least two; the first one is the model in use
 * @param smallestEffect the difference in NDCG@10 that matters: the test is most sensitive to differences of about this
 *     size
 */
public record Experiment(String name, List<Arm> arms, double smallestEffect) {
    /** The maximum number of models in an experiment; each takes the memory of a served model. */
    public static final int MAX_ARMS = 8;

    private static final double SCALE = 0x1p-53;

    /**
     * A model and the share of the users who get it.
     *
     * @param name of the arm
     * @param directory the model's; null for the model in use
     * @param weight its share of the users is this divided by the sum of all weights
     */
    public record Arm(String name, @Nullable String directory, int weight) {}

    /**
     * Validates the arms.
     *
     * @throws UserFacingException if the arms are not valid
     */
    public Experiment {
        arms = List.copyOf(arms);
        if (arms.size() < 2 || arms.size() > MAX_ARMS) {
            throw new UserFacingException("arms: an experiment has 2 to " + MAX_ARMS + " of them, not " + arms.size());
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < arms.size(); i++) {
            Arm arm = arms.get(i);
            if (!names.add(arm.name)) {
                throw new UserFacingException("arms: two have the name '" + arm.name + "'");
            }
            if ((arm.directory == null) != (i == 0)) {
                throw new UserFacingException(
                        "arms: the first one is the model in use and names no directory, all others name one");
            }
            if (arm.weight < 1) {
                throw new UserFacingException("arms: the weight of '" + arm.name + "' must be at least 1");
            }
        }
        if (!(smallestEffect > 0 && smallestEffect < 1)) {
            throw new UserFacingException("smallest_effect: must be above 0 and below 1");
        }
    }

    /** Returns the index of a user's arm. */
    int armOf(String user) {
        int weights = arms.stream().mapToInt(Arm::weight).sum();
        double place = (SplitMix.mix(hash(name) + SplitMix.mix(hash(user))) >>> 11) * SCALE * weights;
        int arm = 0;
        for (double end = arms.getFirst().weight; place >= end && arm < arms.size() - 1; end += arms.get(arm).weight) {
            arm++;
        }
        return arm;
    }

    /** FNV-1a over the characters. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
